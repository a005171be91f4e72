// Where parameters sit and where FLOPs go: one row a part of the model, and 6N beside the exact count.
import { note, percent, picture, row, select, short, slider, svg } from "./ui.js";

const D_HEAD = 64;
const WIDTHS = [
  64, 128, 192, 256, 384, 512, 640, 768, 1024, 1280, 1536, 2048, 2560, 3072, 4096, 5120, 6144, 8192,
  12288, 16384,
];
const DEPTHS = [1, 2, 3, 4, 6, 8, 10, 12, 16, 20, 24, 32, 40, 48, 64, 80, 96, 128];
const CONTEXTS = Array.from({ length: 27 }, (_, i) => Math.round(2 ** (7 + i / 2) / 16) * 16);
const VOCABULARIES = [
  [256, "256 (bytes)"],
  [32000, "32,000 (Chinchilla)"],
  [50257, "50,257 (GPT-3)"],
  [128000, "128,000"],
];
const PARTS = [
  ["table", "Vocabulary table"],
  ["matrices", "Attention: four matrices"],
  ["scores", "Attention: scores between tokens"],
  ["forward", "Feed-forward: two matrices"],
];

// counting.Transformer with one table, heads of 64, d_ff = 4 d_model and nothing to learn for positions; FLOPs of
// training one token at full context.
export function count(d, layers, context, vocabulary) {
  const params = {
    table: vocabulary * d,
    matrices: 4 * layers * d * d,
    scores: 0,
    forward: 8 * layers * d * d,
  };
  const scores = 3 * layers * (4 * context * d + 3 * (d / D_HEAD) * context);
  const flops = {
    table: 6 * params.table,
    matrices: 6 * params.matrices,
    scores,
    forward: 6 * params.forward,
  };
  const total = parts => parts.table + parts.matrices + parts.scores + parts.forward;
  return { params, flops, N: total(params), exact: total(flops), short: 6 * total(params) };
}

// a slider over a list: its place is the entry nearest to the trait
const over = (ui, trait, list) => ({
  get: () =>
    list.reduce(
      (best, value, i) =>
        Math.abs(Math.log(value / ui.get(trait))) < Math.abs(Math.log(list[best] / ui.get(trait)))
          ? i
          : best,
      0,
    ),
  set: i => ui.set({ [trait]: list[i] }),
});
const whole = value => Math.round(value).toLocaleString("en");

function bar(x, y, width, kind) {
  return svg("rect", {
    class: `sl-bar sl-${kind}`,
    x,
    y,
    width: Math.max(width, 1),
    height: 12,
    rx: 2,
  });
}

const build = ui => {
  const along = (label, trait, list, kind) =>
    slider(ui, label, over(ui, trait, list), {
      lo: 0,
      hi: list.length - 1,
      step: 1,
      kind,
      text: () => whole(ui.get(trait)),
    });
  const vocabulary = {
    get: () => ui.get("n_vocab"),
    set: value => ui.set({ n_vocab: Number(value) }),
  };
  ui.controls(
    along("Width d_model", "d_model", WIDTHS, "N"),
    along("Layers", "n_layer", DEPTHS, "N"),
    along("Context, tokens", "n_ctx", CONTEXTS, "D"),
    row(select(ui, "Vocabulary", vocabulary, VOCABULARIES), ui.reset()),
  );
  return width => {
    const [d, layers, context] = ["d_model", "n_layer", "n_ctx"].map(ui.get);
    const got = count(d, layers, context, ui.get("n_vocab"));
    const room = width - 64;
    const nodes = [
      bar(0, 4, 12, "N"),
      note([18, 15], "share of parameters", "N"),
      bar(Math.min(170, width / 2), 4, 12, "C"),
      note([Math.min(170, width / 2) + 18, 15], "share of FLOPs", "C"),
    ];
    let y = 44;
    for (const [part, name] of PARTS) {
      const shares = [got.params[part] / got.N, got.flops[part] / got.exact];
      nodes.push(svg("text", { class: "sl-name", x: 0, y }, name));
      ["N", "C"].forEach((kind, i) => {
        const top = y + 7 + 15 * i;
        const words = shares[i] ? percent(shares[i]) : "none";
        nodes.push(
          bar(0, top, room * shares[i], kind),
          note([room * shares[i] + 6, top + 10.5], words, kind),
        );
      });
      y += 60;
    }
    const most = Math.max(got.exact, got.short);
    nodes.push(svg("text", { class: "sl-name", x: 0, y: y + 6 }, "Training FLOPs for one token"));
    [
      ["C", "exact", got.exact],
      ["predicted", "6 N", got.short],
    ].forEach(([kind, name, value], i) => {
      const top = y + 13 + 15 * i;
      const long = ((room - 60) * value) / most;
      nodes.push(
        bar(0, top, long, kind),
        note([long + 6, top + 10.5], `${name}: ${short(value)}`, kind),
      );
    });
    ui.paint({ width, height: y + 50 }, ...nodes);
    const off = 1 - got.short / got.exact;
    const share = got.flops.scores / got.exact;
    ui.say(
      `Width ${whole(d)}, ${layers} layers, context ${whole(context)}: `,
      ["N", `${short(got.N)} parameters`],
      `, ${percent(got.params.table / got.N)} of them in the table. Training costs `,
      ["C", `${short(got.exact)} FLOPs a token`],
      `, ${percent(share)} of them for the scores, which have no parameters. `,
      ["predicted", `6 N says ${short(got.short)}`],
      `, ${percent(off)} too few. `,
      ui.atStart() ? "Try all three." : share >= 0.5 ? "The scores take at least half." : "",
    );
  };
};

export default picture({
  name: "flops",
  label: "Shares of parameters and of FLOPs by part of the model",
  build,
});
