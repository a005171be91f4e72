// Recorded learning curves, one at a time: the reader sets width and data, guesses, and trains.
import {
  axes,
  button,
  dots,
  nats,
  note,
  onTap,
  path,
  picture,
  scientific,
  short,
  slider,
  svg,
} from "./ui.js";

const START = 5000; // tokens: before that all curves are the warm-up

const has = (trained, w, d) => trained.some(([a, b]) => a === w && b === d);

// What the sentence says about the run that the knobs stand on.
export function words({ widths, sizes, tokens, losses, entropy, spread, width, data, trained }) {
  const run = [
    ["N", `Width ${widths[width]}, ${short(sizes[width])} parameters`],
    ", ",
    ["D", `${short(tokens[data])} tokens`],
  ];
  if (!has(trained, width, data)) {
    const cost = ["C", `${scientific(6 * sizes[width] * tokens[data])} FLOPs`];
    return [...run, ": about ", cost, ". Not trained yet. Guess its loss, then press Train."];
  }
  const loss = losses[width][data];
  const said = [
    ...run,
    ": ",
    ["measured", `${nats(loss)} nats`],
    `, ${nats(loss - entropy)} above the entropy of the language. `,
  ];
  const gains = [];
  if (width && has(trained, width - 1, data))
    gains.push([["N", "width"], losses[width - 1][data] - loss]);
  if (data && has(trained, width, data - 1))
    gains.push([["D", "data"], losses[width][data - 1] - loss]);
  for (const [lever, gain] of gains)
    said.push(
      "The last doubling of ",
      lever,
      gain > 0 ? " took off " : " added ",
      ["measured", nats(Math.abs(gain))],
      ". ",
    );
  const instead = (lever, w, d) =>
    has(trained, w, d) &&
    said.push("Doubling the ", lever, " instead: ", ["measured", nats(losses[w][d])], ". ");
  if (width && has(trained, width - 1, data)) instead(["D", "data"], width - 1, data + 1);
  if (data && has(trained, width, data - 1)) instead(["N", "width"], width + 1, data - 1);
  const noise = 2 * Math.SQRT2 * spread;
  if (gains.length === 2) {
    const [[n, byWidth], [d, byData]] = gains;
    if (Math.abs(byWidth - byData) < noise) said.push("Neither lever is clearly ahead. ");
    else said.push("Here ", byWidth > byData ? n : d, " was the better one to double. ");
  }
  if (gains.length) said.push(`Less than ${nats(noise)} could be the seed. `);
  return trained.length > 1 ? said : [...said, "Double one knob, guess, and train."];
}

function build(ui) {
  const [widths, tokens, losses, curves, entropy] = [
    "widths",
    "tokens",
    "losses",
    "curves",
    "entropy",
  ].map(ui.get);
  const state = () =>
    Object.fromEntries(
      ["widths", "sizes", "tokens", "losses", "entropy", "spread", "width", "data", "trained"].map(
        name => [name, ui.get(name)],
      ),
    );
  let at;
  const train = () => {
    const [w, d, trained] = ["width", "data", "trained"].map(ui.get);
    if (!has(trained, w, d)) ui.set({ trained: [...trained, [w, d]] });
  };
  // a tap on an end point takes the knobs there
  onTap(ui, ([x, y]) => {
    const far = ([w, d]) => Math.hypot(at.x(tokens[d]) - x, at.y(losses[w][d]) - y);
    const [nearest] = [...ui.get("trained")].sort((a, b) => far(a) - far(b));
    if (far(nearest) < 24) ui.set({ width: nearest[0], data: nearest[1] });
  });
  const last = list => list.length - 1;
  ui.controls(
    slider(ui, "Width", ui.trait("width"), {
      lo: 0,
      hi: last(widths),
      step: 1,
      text: w => String(widths[w]),
      kind: "N",
    }),
    slider(ui, "Data", ui.trait("data"), {
      lo: 0,
      hi: last(tokens),
      step: 1,
      text: d => `${short(tokens[d])} tokens`,
      kind: "D",
    }),
    button("Train", train, "sl-primary"),
    button("Train all", () =>
      ui.set({ trained: widths.flatMap((_, w) => tokens.map((_, d) => [w, d])) }),
    ),
    ui.reset(),
  );

  return width => {
    const [w, d, trained] = ["width", "data", "trained"].map(ui.get);
    at = axes(width, {
      x: {
        lo: START,
        hi: tokens.at(-1) * 1.15,
        log: true,
        title: "training data D, tokens",
        kind: "D",
      },
      y: {
        lo: 1.3,
        hi: 3.4,
        log: true,
        title: "loss, nats a letter",
        kind: "measured",
        text: v => String(v),
      },
      ratio: 0.72,
      margin: width < 520 ? 42 : 70,
    });
    const inside = ([x]) => x >= START;
    const line = (points, kind) =>
      svg("path", {
        class: `sl-curve ${kind}`,
        d: path(points.map(([x, y]) => [at.x(x), at.y(y)])),
        "clip-path": at.clip,
      });
    const current = has(trained, w, d);
    const families = widths.map((_, i) =>
      tokens.flatMap((_, j) => (has(trained, i, j) ? [[tokens[j], losses[i][j]]] : [])),
    );
    ui.paint(
      at,
      at.grid,
      line(
        [
          [START, entropy],
          [tokens.at(-1) * 1.15, entropy],
        ],
        "sl-predicted sl-entropy",
      ),
      note([at.left + 6, at.y(entropy) - 5], "entropy of the language", "predicted"),
      ...trained.map(([i, j]) => line(curves[i][j].filter(inside), "sl-past")),
      current ? line(curves[w][d].filter(inside), "sl-measured sl-thin") : null,
      ...families.map(points => line(points, "sl-N sl-family")),
      dots(at, families.flat(), { kind: "N", r: 4 }),
      current
        ? dots(at, [[tokens[d], losses[w][d]]], { r: 6 })
        : svg("path", { class: "sl-drop sl-D", d: `M${at.x(tokens[d])} ${at.top}V${at.bottom}` }),
      ...families.map((points, i) => {
        if (!points.length) return null;
        const [x, y] = points.at(-1);
        return note(
          [at.x(x) + 9, at.y(y) + 4],
          at.phone ? `${widths[i]}` : `width ${widths[i]}`,
          "N",
        );
      }),
      at.frame,
    );
    ui.say(...words(state()));
  };
}

export default picture({
  name: "learning-curves",
  label: "Loss against training data, recorded runs of tiny transformers",
  build,
});
