// Published models on the plane of size and data; a law's line of best splits; what a model's compute could have bought.

import { optimum, overhead } from "./law.js";
import {
  axes,
  chip,
  clamp,
  dots,
  drop,
  handle,
  knob,
  nats,
  note,
  onTap,
  path,
  percent,
  picture,
  row,
  same,
  scientific,
  select,
  short,
  slider,
  svg,
} from "./ui.js";

const FITTING = 1.1; // within this factor of the best size a model counts as well chosen

export const paid = over =>
  over < 0.0005
    ? "no more"
    : over < 10
      ? `${percent(over)} more`
      : `${short(1 + over, 2)} times the`;

// The sentence for a model [name, N, D]; without one for a budget.
export function words(law, model, C) {
  const best = optimum(law, C);
  const split = [["N", short(best.N, 2)], " on ", ["D", `${short(best.D, 2)} tokens`]];
  const ratio = `${short(best.D / best.N, 2)} per parameter`;
  if (!model)
    return [
      "For ",
      ["C", `${scientific(C)} FLOPs`],
      " the law asks for ",
      ...split,
      `, ${ratio}, and promises `,
      ["predicted", `${nats(best.loss)} nats`],
      ". Models below the line are too large for their compute, models above it too small.",
    ];
  const [name, N, D] = model;
  const who = [
    `${name}: `,
    ["N", short(N)],
    " on ",
    ["D", `${short(D)} tokens`],
    `, ${short(D / N, 2)} per parameter. `,
  ];
  const bought = [
    "The best split of its ",
    ["C", `${scientific(C)} FLOPs`],
    " is ",
    ...split,
    `, ${ratio}. `,
  ];
  const k = N / best.N;
  const size =
    k > FITTING
      ? `The model is ${short(k, 2)} times as large`
      : k < 1 / FITTING
        ? `The model has ${percent(k)} of that size`
        : "That is nearly the model's own size";
  return [
    ...who,
    ...bought,
    `${size}, and its loss took `,
    ["C", `${paid(overhead(law, N, D))} compute`],
    " than it needs.",
  ];
}

// The chosen model's name first, then others where there is room; `taken` are [x, y, half the width] of other words.
function names(models, at, chosen, others) {
  const taken = [...others, ...models.map(([, N, D]) => [at.x(N), at.y(D) + 4, 6])];
  const apart = at.phone ? 22 : 14;
  const order = [...models].sort((a, b) => (b[0] === chosen) - (a[0] === chosen));
  return order.map(([name, N, D]) => {
    const half = 3.5 * name.length;
    const places = [
      [0, -10],
      [half + 9, 4],
      [-half - 9, 4],
      [0, 20],
    ].map(([dx, dy]) => [at.x(N) + dx, at.y(D) + dy]);
    const fits = ([x, y]) =>
      x - half > at.left &&
      x + half < at.right &&
      !taken.some(
        ([x2, y2, half2]) =>
          Math.abs(x - x2) < half + half2 + 2 && Math.abs(y - y2) < (half2 > 6 ? apart : 13),
      );
    const place =
      places.find(fits) ??
      (name === chosen ? [clamp(at.x(N), at.left + half, at.right - half), at.y(D) - 10] : null);
    if (!place) return null;
    taken.push([...place, half]);
    return note(place, name, name === chosen ? "name sl-here" : "name", "middle");
  });
}

function build(ui) {
  const [models, laws] = [ui.get("models"), Object.entries(ui.get("laws"))];
  const [nLo, nHi, dLo, dHi] = ui.get("extent");
  const [lo, hi] = ui.get("budgets");
  const picked = () => models.find(([name]) => name === ui.get("chosen"));
  const choose = name => {
    const model = models.find(one => one[0] === name);
    ui.set(
      model ? { chosen: name, log_compute: Math.log10(6 * model[1] * model[2]) } : { chosen: "" },
    );
  };
  const budget = {
    get: () => ui.get("log_compute"),
    set: log => ui.set({ chosen: "", log_compute: clamp(log, lo, hi) }),
  };
  let at;

  // the frontier is a straight line in logs: how far along it is the point nearest to (x, y)?
  function nearest(x, y) {
    const [a, b] = [lo, hi]
      .map(log => optimum(ui.get("law"), 10 ** log))
      .map(({ N, D }) => [at.x(N), at.y(D)]);
    const [dx, dy] = [b[0] - a[0], b[1] - a[1]];
    return lo + ((hi - lo) * ((x - a[0]) * dx + (y - a[1]) * dy)) / (dx * dx + dy * dy);
  }
  const put = handle(ui, {
    label: "Budget, along the best splits",
    parts: knob("C"),
    move: (x, y) => budget.set(nearest(x, y)),
  });
  onTap(ui, ([x, y]) => {
    const far = ([, N, D]) => Math.hypot(at.x(N) - x, at.y(D) - y);
    const near = [...models].sort((a, b) => far(a) - far(b))[0];
    if (near && far(near) < 20) choose(near[0]);
  });
  const named = {
    get: () => laws.findIndex(([, law]) => same(law, ui.get("law"))),
    set: i => ui.set({ law: laws[i][1] }),
  };
  ui.controls(
    slider(ui, "Budget", budget, {
      lo,
      hi,
      step: 0.01,
      text: log => `${scientific(10 ** log)} FLOPs`,
      kind: "C",
    }),
    row(
      select(ui, "Model", { get: () => ui.get("chosen"), set: choose }, [
        ["", "none"],
        ...models.map(([name]) => [name, name]),
      ]),
      select(
        ui,
        "Law",
        named,
        laws.map(([name], i) => [i, name]),
      ),
    ),
    ui.reset(),
  );

  return width => {
    const [law, C, model] = [ui.get("law"), 10 ** ui.get("log_compute"), picked()];
    const best = optimum(law, C);
    at = axes(width, {
      x: { lo: nLo, hi: nHi, log: true, title: "model size N, all parameters", kind: "N" },
      y: { lo: dLo, hi: dHi, log: true, title: "training data D, tokens", kind: "D" },
      ratio: 0.72,
    });
    const place = ({ N, D }) => [at.x(N), at.y(D)];
    const line = [1e18, 1e30].map(c => place(optimum(law, c)));
    const rail = [
      [nLo, C / (6 * nLo)],
      [nHi, C / (6 * nHi)],
    ].map(([N, D]) => [at.x(N), at.y(D)]);
    const low = place(optimum(law, 2e22)).map(v => v - 9);
    const [x, y] = place(best);
    ui.paint(
      at,
      at.grid,
      svg("path", {
        class: "sl-curve sl-frontier sl-predicted",
        d: path(line),
        "clip-path": at.clip,
      }),
      svg("path", {
        class: "sl-curve sl-thin sl-dashed sl-C",
        d: path(rail),
        "clip-path": at.clip,
      }),
      note(low, "best splits", "predicted", "end"),
      model
        ? svg("path", {
            class: "sl-gap sl-C",
            d: path([[at.x(model[1]), at.y(model[2])], place(best)]),
          })
        : null,
      drop(at, "x", [best.N, best.D], "N"),
      drop(at, "y", [best.N, best.D], "D"),
      chip(at, "x", best.N, "N", short(best.N, 2)),
      chip(at, "y", best.D, "D", short(best.D, 2)),
      dots(
        at,
        models.map(([, N, D]) => [N, D]),
      ),
      model ? dots(at, [[model[1], model[2]]], { r: 7 }) : null,
      ...names(models, at, ui.get("chosen"), [
        [x, y + 4, 20],
        [low[0] - 34, low[1], 36],
      ]),
      at.frame,
    );
    put(place(best), {
      value: ui.get("log_compute").toFixed(2),
      lo,
      hi,
      text: `${scientific(C)} FLOPs: ${short(best.N, 2)} parameters on ${short(best.D, 2)} tokens`,
      cue: ui.atStart() ? -45 : null,
    });
    ui.say(...words(law, model, C));
  };
}

export default picture({
  name: "map",
  label: "Published models and the best splits of a law",
  build,
});
