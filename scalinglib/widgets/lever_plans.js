// Levers on and off: loss against size at one budget, the best plan, and what the same loss costs without levers.

import { powerSumLoss, worthOf } from "./law.js";
import {
  axes,
  checkbox,
  chip,
  clamp,
  curve,
  diamond,
  drop,
  nats,
  note,
  picture,
  row,
  scientific,
  short,
  slider,
} from "./ui.js";

const NO_LOAD = 5; // the left end of the slider: nothing is answered
const NO_LIMIT = 7; // the right end: text without end
const MOST_READINGS = 16; // at 40 a recorded run had become worse

// How many times more tokens or parameters a lever is worth, held at the edges of what was measured.
export function times({ scale, level, slope, lo, hi }, N, D) {
  const at = { N, D, "D/N": D / N }[scale];
  return Math.exp(level + slope * Math.log(clamp(at, lo, hi)));
}

export const measured = ({ scale, lo, hi, least, most, shortest, longest }, N, D) => {
  const within = (x, from, to) => x >= from * 0.999 && x <= to * 1.001;
  const at = { N, D, "D/N": D / N }[scale];
  return within(at, lo, hi) && within(N, least, most) && within(D, shortest, longest);
};

// The run of size N: the tokens that are left to it, and its loss; terms {C, served, text, counted, again}.
export function runOf({ law, repeats }, effects, terms, N) {
  const own = terms.counted ? effects.reduce((sum, e) => sum + e.own * N ** e.own_power, 0) : 0;
  const serve = 2 * N * terms.served * effects.reduce((share, e) => share * e.serve, 1);
  const most = terms.text * (terms.again ? MOST_READINGS : 1);
  const D = Math.min((terms.C - serve) / (6 * N * (1 + own)), most);
  if (!(D > 0)) return { N, D: 0, loss: Infinity };
  let [size, data] = [N, D > terms.text ? terms.text * worthOf(D / terms.text, repeats) : D];
  for (const e of effects)
    if (e.on === "D") data *= times(e, N, D);
    else size *= times(e, N, D);
  return { N, D, loss: powerSumLoss(law, size, data) };
}

// The size of the lowest loss between the smallest and the largest: a grid, then the golden section.
export function bestPlan(model, effects, terms) {
  const [a, b] = model.sizes.map(Math.log);
  const run = log => runOf(model, effects, terms, Math.exp(log));
  const step = (b - a) / 160;
  let k = 0;
  for (let i = 1; i <= 160; i++) if (run(a + i * step).loss < run(a + k * step).loss) k = i;
  let [lo, hi] = [Math.max(a, a + (k - 1) * step), Math.min(b, a + (k + 1) * step)];
  for (let i = 0; i < 48; i++) {
    const third = (hi - lo) * 0.381966011250105;
    if (run(lo + third).loss < run(hi - third).loss) hi -= third;
    else lo += third;
  }
  return run((lo + hi) / 2);
}

// Compute of the plain plan of the same loss over this budget; NaN where none from a hundredth to 100 times has it.
export function plainCosts(model, terms, target) {
  const plain = log => bestPlan(model, [], { ...terms, again: false, C: terms.C * 10 ** log }).loss;
  let [lo, hi] = [-2, 2];
  if (!(plain(hi) <= target)) return NaN;
  for (let i = 0; i < 30; i++) {
    const middle = (lo + hi) / 2;
    if (plain(middle) <= target) hi = middle;
    else lo = middle;
  }
  return 10 ** hi;
}

// Why these levers cannot be on together, or null: one alone, or a pair that was measured.
export function refusal(pairs, on) {
  if (on.length < 2) return null;
  if (on.length > 2) return "three";
  return pairOf(pairs, on) ? null : "never";
}

const pairOf = (pairs, on) =>
  on.length === 2 ? pairs.find(({ levers }) => on.every(name => levers.includes(name))) : undefined;

// Two levers as one: the tokens that they saved together at size N, and both their costs.
export function joint(effects, { times: saved, N }) {
  const costs = effects.map(e => ({ ...e, on: "D", level: 0, slope: 0 }));
  const both = {
    on: "D",
    scale: "N",
    level: Math.log(saved),
    slope: 0,
    lo: N,
    hi: N,
    least: N,
    most: N,
    shortest: 0,
    longest: Infinity,
  };
  return [...costs, { ...both, own: 0, own_power: 0, serve: 1 }];
}

function refusedWords(ui, name) {
  const label = one => ui.get("effects").find(e => e.name === one)?.label ?? "reading again";
  const names = [...ui.get("on"), name];
  const both = names.map(label).join(", ");
  if (names.length === 2 && names.includes("again") && names.includes("teacher"))
    return `Refused: ${both}. That gain depends on what the teacher read. `;
  return ui.get("on").length > 1
    ? `Refused: ${both}. Three levers at once were never measured. `
    : `Refused: ${both}. These two were never measured together. `;
}

function pairWords(pair) {
  if (!pair) return "";
  const sum = `${nats(pair.together)} nats below the plain run, against ${nats(pair.apart)} for the sum of both`;
  return ` Measured together, at ${short(pair.N)} parameters: ${sum}.`;
}

const amount = (N, D) => [["N", `${short(N)} parameters`], " on ", ["D", `${short(D)} tokens`]];

function build(ui) {
  const model = { law: ui.get("law"), repeats: ui.get("repeats"), sizes: ui.get("sizes") };
  const effects = ui.get("effects");
  const toggle = name => ({
    get: () => ui.get("on").includes(name),
    set: wanted => {
      const rest = ui.get("on").filter(one => one !== name);
      if (!wanted) ui.set({ on: rest, refused: [] });
      else if (refusal(ui.get("pairs"), [...rest, name])) ui.set({ on: rest, refused: [name] });
      else ui.set({ on: [...rest, name], refused: [] });
    },
  });
  const log = value => short(10 ** value, 2);
  ui.controls(
    row(
      ...effects.map(e => checkbox(ui, e.label, toggle(e.name))),
      checkbox(ui, "reading again", toggle("again")),
    ),
    slider(ui, "Budget, FLOPs", ui.trait("log_C"), {
      lo: 10,
      hi: 12.5,
      step: 0.1,
      text: value => scientific(10 ** value),
      kind: "C",
    }),
    slider(ui, "Tokens answered", ui.trait("log_served"), {
      lo: NO_LOAD,
      hi: 8,
      step: 0.1,
      text: value => (value <= NO_LOAD ? "none" : log(value)),
      kind: "C",
    }),
    slider(ui, "Different tokens of text", ui.trait("log_text"), {
      lo: 4.8,
      hi: NO_LIMIT,
      step: 0.1,
      text: value => (value >= NO_LIMIT ? "no limit" : log(value)),
      kind: "D",
    }),
    row(checkbox(ui, "count what the levers themselves cost", ui.trait("counted")), ui.reset()),
  );

  return width => {
    const on = ui.get("on");
    const alone = effects.filter(e => on.includes(e.name));
    const pair = pairOf(ui.get("pairs"), on);
    const used = pair ? joint(alone, pair) : alone;
    const [load, limit] = [ui.get("log_served"), ui.get("log_text")];
    const terms = {
      C: 10 ** ui.get("log_C"),
      served: load <= NO_LOAD ? 0 : 10 ** load,
      text: limit >= NO_LIMIT ? Infinity : 10 ** limit,
      counted: ui.get("counted"),
      again: on.includes("again"),
    };
    const [plain, best] = [
      bestPlan(model, [], { ...terms, again: false }),
      bestPlan(model, used, terms),
    ];
    const lowest = Math.min(plain.loss, best.loss, 3); // nothing is trained: no loss
    const low = Math.floor(10 * lowest - 0.5) / 10;
    const at = axes(width, {
      x: {
        lo: model.sizes[0],
        hi: model.sizes[1],
        log: true,
        title: "model size N, parameters used",
        kind: "N",
      },
      y: { lo: low, hi: low + 0.6, title: "loss, nats", kind: "predicted" },
      margin: 18,
    });
    const line = N => runOf(model, used, terms, N);
    const inside = N => line(N).D <= terms.text && used.every(e => measured(e, N, line(N).D));
    const drawn = N => Math.min(line(N).loss, 9);
    const levers = on.length > 0;
    const side = plain.N > 0.85 * model.sizes[1] ? "end" : "middle"; // inside the frame
    ui.paint(
      at,
      at.grid,
      curve(
        at,
        N => Math.min(runOf(model, [], { ...terms, again: false }, N).loss, 9),
        "measured sl-thin",
      ),
      levers ? curve(at, drawn, "predicted sl-dashed") : null, // and the measured part over it
      levers ? curve(at, N => (inside(N) ? drawn(N) : Number.NaN), "predicted") : null,
      plain.D > 0
        ? note([at.x(plain.N), at.y(plain.loss) - 12], "no lever", "measured", side)
        : null,
      plain.D > 0 ? diamond([at.x(plain.N), at.y(plain.loss)], "measured") : null,
      levers && best.D > 0 ? drop(at, "x", [best.N, best.loss], "N") : null,
      levers && best.D > 0 ? diamond([at.x(best.N), at.y(best.loss)]) : null,
      at.frame,
      best.D > 0 ? chip(at, "x", best.N, "N", short(best.N)) : null,
    );
    ui.say(...story(best, plain, used, terms, levers), levers ? pairWords(pair) : "");
  };

  function story(best, plain, used, terms, levers) {
    const refused = ui.get("refused").map(name => refusedWords(ui, name));
    if (!(best.D > 0)) return [...refused, "The answers alone cost more than the budget."];
    const plan = [
      ...refused,
      ...amount(best.N, best.D),
      ": ",
      ["predicted", `${nats(best.loss)} nats`],
      ".",
    ];
    if (!levers) return [...plan, " Switch a lever on."];
    const costs = plainCosts(model, terms, best.loss);
    const without = " Without levers the same loss costs ";
    const price =
      Math.abs(costs - 1) < 0.005
        ? [without, ["C", "the same"], "."]
        : costs > 0
          ? [
              without,
              ["C", `${costs.toFixed(2)} times the budget`],
              costs > 1
                ? "."
                : `: the ${ui.get("on").length > 1 ? "levers do" : "lever does"} not pay.`,
            ]
          : [" Without levers no plan up to 100 times the budget has that loss."];
    const edge = used.every(e => measured(e, best.N, best.D))
      ? ""
      : " The plan lies outside what was measured; beyond its range a gain stays as at the end.";
    const bits = used.some(e => e.serve < 1)
      ? " The memory that few bits save is not counted."
      : "";
    const again =
      best.D > terms.text ? " Reading again follows a published law, no runs of this course." : "";
    return [...plan, ...price, ` This budget alone gives ${nats(plain.loss)}.`, bits, edge, again];
  }
}
export default picture({
  name: "levers",
  label: "Loss against model size, with and without levers",
  build,
});
