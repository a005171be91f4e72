// Two rules on the plane of size and data: the line of one budget moves, and each rule marks its split on it.

import { optimum } from "./law.js";
import {
  axes,
  button,
  diamond,
  dots,
  handle,
  knob,
  note,
  path,
  picture,
  same,
  scientific,
  select,
  short,
  svg,
} from "./ui.js";

// Kaplan et al. 2020, Table 6: N = size * C^exponent (C in FLOPs), and the tokens that C = 6 N D leaves.
export function kaplanSplit({ size, exponent }, C) {
  const N = size * C ** exponent;
  return { N, D: C / (6 * N) };
}

const round = value => Number(value.toPrecision(2)).toLocaleString("en");
// 5.37 -> "5.4x", 0.19 -> "1/5.4 of the": how many times as much
export const times = factor =>
  factor < 0.995 ? `1/${round(1 / factor)} of the` : `${round(factor)}x`;

export function words(kaplan, law, name, budget, from, fresh) {
  const [old, now] = [kaplanSplit(kaplan, from), kaplanSplit(kaplan, budget)];
  const [oldC, nowC] = [optimum(law, from), optimum(law, budget)];
  const plan = (who, { N, D }) => [
    `${who}: `,
    ["N", `${short(N)} parameters`],
    " on ",
    ["D", `${short(D)} tokens`],
  ];
  const head = [
    ["C", `${scientific(budget)} FLOPs`],
    ". ",
    ...plan(kaplan.name, now),
    "; ",
    ...plan(name, nowC),
    ". ",
  ];
  if (fresh)
    return [
      ...head,
      "Guess what ten times as much does to each, then press the button or drag the line.",
    ];
  const factors = (who, a, b) => [
    `${who} `,
    ["N", `${times(b.N / a.N)} size`],
    ", ",
    ["D", `${times(b.D / a.D)} data`],
  ];
  return [
    ...head,
    "Against the start, ",
    ["C", `${times(budget / from)} compute`],
    ": ",
    ...factors(kaplan.name, old, now),
    "; ",
    ...factors(name, oldC, nowC),
    ".",
  ];
}

function build(ui) {
  const [kaplan, laws, models, extent, limits] = [
    "kaplan",
    "laws",
    "models",
    "extent",
    "limits",
  ].map(ui.get);
  const [nLo, nHi, dLo, dHi] = extent;
  const from = ui.get("start").budget;
  let at;
  const spend = C => ui.set({ budget: Math.min(limits[1], Math.max(limits[0], C)) });
  const put = handle(ui, {
    label: "Budget of compute",
    parts: knob("C"),
    move: (x, y) => spend(6 * at.x.invert(x) * at.y.invert(y)),
    step: () => at.x.rate / 4,
  });
  const nameOf = () => Object.keys(laws).find(name => same(laws[name], ui.get("law")));
  ui.controls(
    button("10 times the compute", () => spend(10 * ui.get("budget")), "sl-primary"),
    button("GPT-3's budget", () => spend(ui.get("known_budget"))),
    select(
      ui,
      `Beside ${kaplan.name}:`,
      { get: nameOf, set: name => ui.set({ law: laws[name] }) },
      Object.keys(laws).map(name => [name, name]),
    ),
    ui.reset(),
  );

  return width => {
    const [budget, law] = ["budget", "law"].map(ui.get);
    at = axes(width, {
      x: { lo: nLo, hi: nHi, log: true, title: "parameters N, as each law counts", kind: "N" },
      y: { lo: dLo, hi: dHi, log: true, title: "training data D, tokens", kind: "D" },
      ratio: 0.75,
    });
    const along = split =>
      path([0, 1].map(i => split(limits[i])).map(({ N, D }) => [at.x(N), at.y(D)]));
    const line = (C, kind) =>
      svg("path", {
        class: `sl-curve ${kind}`,
        d: path([nLo, nHi].map(N => [at.x(N), at.y(C / (6 * N))])),
        "clip-path": at.clip,
      });
    const rules = [C => kaplanSplit(kaplan, C), C => optimum(law, C)];
    const [mine, theirs] = rules.map(rule => rule(budget));
    const right = mine.N > theirs.N;
    const label = ({ N, D }, text, after) =>
      note(
        [at.x(N) + (after ? 13 : -13), at.y(D) + (after ? 16 : -8)],
        text,
        "predicted",
        after ? "start" : "end",
      );
    const [knownK, knownC] = rules.map(rule => rule(from));
    ui.paint(
      at,
      at.grid,
      ...rules.map((rule, i) =>
        svg("path", {
          class: `sl-curve sl-path sl-predicted${i ? " sl-dashed" : ""}`,
          d: along(rule),
          "clip-path": at.clip,
        }),
      ),
      line(from, "sl-C sl-thin sl-dashed"),
      line(budget, "sl-C sl-budget"),
      dots(
        at,
        models.map(([, N, D]) => [N, D]),
        { r: 4 },
      ),
      ...models.map(([name, N, D]) =>
        note([at.x(N) + 8, at.y(D) + (name === "Gopher" ? 12 : -4)], name, "measured"),
      ),
      ui.atStart()
        ? null
        : dots(
            at,
            [
              [knownK.N, knownK.D],
              [knownC.N, knownC.D],
            ],
            { simulated: true, kind: "predicted", r: 4 },
          ),
      diamond([at.x(mine.N), at.y(mine.D)]),
      diamond([at.x(theirs.N), at.y(theirs.D)]),
      label(mine, kaplan.name, right),
      label(theirs, at.phone ? nameOf().split(" ")[0] : nameOf(), !right),
      at.frame,
    );
    // the grip stands clear of both marks, up the line of the budget
    const N = Math.max(2 * nLo, Math.min(mine.N, theirs.N) / 20);
    const D = budget / (6 * N);
    put([at.x(N), at.y(D)], {
      value: Math.log10(budget).toFixed(2),
      lo: Math.log10(limits[0]),
      hi: Math.log10(limits[1]),
      text: `${scientific(budget)} FLOPs`,
      cue: ui.atStart() ? -45 : null,
    });
    ui.say(...words(kaplan, law, nameOf(), budget, from, ui.atStart()));
  };
}

export default picture({
  name: "allocation",
  label: "Plane of model size and training data with the line of one budget",
  build,
});
