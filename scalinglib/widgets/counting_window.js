// The best size for each budget under one law, with embeddings counted or left out, and the line of a study of some sizes.

import { optimum } from "./law.js";
import {
  axes,
  button,
  checkbox,
  chip,
  curve,
  diamond,
  dots,
  drop,
  handle,
  knob,
  note,
  path,
  picture,
  short,
  svg,
} from "./ui.js";

const MODELS = 20; // in every study
const NARROWEST = 10; // times from the smallest to the largest

// Size and budget of the best run, as counted, of a model with N parameters in its layers (Pearce and Song 2024).
export function frontier({ A, B, alpha, beta }, omega, N, counted) {
  const T = N + omega * Math.cbrt(N);
  const weight = counted ? 1 : (N + (omega * Math.cbrt(N)) / 3) / T; // d log T / d log N
  const D = ((beta * B * T ** alpha) / (alpha * A * weight)) ** (1 / beta);
  const size = counted ? T : N;
  return { size, C: 6 * size * D };
}

// The straight line in logs through the best runs of the study's models.
export function study(law, omega, [lo, hi], counted) {
  const models = Array.from({ length: MODELS }, (_, i) =>
    frontier(law, omega, lo * (hi / lo) ** (i / (MODELS - 1)), counted),
  );
  const mean = values => values.reduce((a, b) => a + b, 0) / values.length;
  const x = models.map(({ C }) => Math.log(C));
  const y = models.map(({ size }) => Math.log(size));
  const [x0, y0] = [mean(x), mean(y)];
  const a = mean(x.map((v, i) => (v - x0) * (y[i] - y0))) / mean(x.map(v => (v - x0) ** 2));
  return { models, a, size: C => Math.exp(y0 + a * (Math.log(C) - x0)) };
}

// The model whose best budget is C, by halving; both grow together.
export function modelFor(law, omega, C, counted, [lo, hi]) {
  let [low, high] = [Math.log(lo), Math.log(hi)];
  for (let i = 0; i < 50; i++) {
    const middle = (low + high) / 2;
    if (frontier(law, omega, Math.exp(middle), counted).C < C) low = middle;
    else high = middle;
  }
  return Math.exp(low);
}

export function pull(window, which, N, [lo, hi]) {
  return which
    ? [window[0], Math.min(hi, Math.max(N, NARROWEST * window[0]))]
    : [Math.max(lo, Math.min(N, window[1] / NARROWEST)), window[1]];
}

export function words(law, omega, window, counted, budget, fresh) {
  const { a, size } = study(law, omega, window, counted);
  const [asked, best] = [size(budget), optimum(law, budget).N];
  const who = `${MODELS} models with ${short(window[0])} to ${short(window[1])} parameters in their layers, `;
  const line = ["predicted", `N grows as C^{${a.toFixed(3)}}`];
  const found = [
    who,
    counted ? "embeddings counted: " : "embeddings left out: ",
    line,
    ". For Gopher's budget the line asks for ",
    ["N", short(asked)],
  ];
  if (fresh) return [...found, ". Guess what counting does to it; then tick the box."];
  const off = asked / best;
  const verdict =
    off > 1.05
      ? `: ${Number(off.toPrecision(2))} times too much`
      : off < 0.95
        ? `: ${Number((1 / off).toPrecision(2))} times too little`
        : ": as it should be";
  return [...found, verdict, ". The law itself says ", ["N", short(best)], "."];
}

function build(ui) {
  const [law, omega, budget, extent] = ["law", "omega", "budget", "extent"].map(ui.get);
  let at;
  const ends = ["Smallest model of the study", "Largest model of the study"].map((label, which) =>
    handle(ui, {
      label,
      parts: knob("N"),
      axis: "x",
      step: () => at.x.rate / 4,
      move: x =>
        ui.set({
          window: pull(
            ui.get("window"),
            which,
            modelFor(law, omega, at.x.invert(x), ui.get("counted"), extent),
            extent,
          ),
        }),
    }),
  );
  ui.controls(
    checkbox(ui, "Count the embeddings", ui.trait("counted")),
    ...ui.get("windows").map(([name, window]) => button(name, () => ui.set({ window }))),
    ui.reset(),
  );
  return width => {
    const [window, counted] = ["window", "counted"].map(ui.get);
    const { models, a, size } = study(law, omega, window, counted);
    at = axes(width, {
      x: {
        lo: 1e11,
        hi: 1e25,
        log: true,
        title: "compute C, FLOPs, as counted",
        kind: "C",
        text: v => `1e${Math.round(Math.log10(v))}`,
      },
      y: { lo: 3e2, hi: 3e13, log: true, title: "best size N, as counted", kind: "N" },
    });
    const asked = size(budget);
    const shown = at.y.clamp(asked);
    const along = Array.from({ length: 121 }, (_, i) =>
      frontier(law, omega, extent[0] * (1e13 / extent[0]) ** (i / 120), counted),
    );
    const [first, last] = [models[0], models.at(-1)];
    ui.paint(
      at,
      at.grid,
      svg("path", {
        class: "sl-curve sl-measured sl-truth",
        d: path(along.map(({ C, size }) => [at.x(C), at.y(size)])),
        "clip-path": at.clip,
      }),
      curve(at, size, "predicted sl-dashed", last.C, budget),
      curve(at, size, "predicted", first.C, last.C),
      dots(
        at,
        models.map(({ C, size }) => [C, size]),
        { simulated: true, r: 3 },
      ),
      drop(at, "x", [budget, shown], "C"),
      drop(at, "y", [budget, shown], "N"),
      diamond([at.x(budget), at.y(shown)]),
      note(
        [at.x(budget) - 12, at.bottom - 46],
        `line: C to the ${a.toFixed(3)}`,
        "predicted",
        "end",
      ),
      note([at.x(budget) - 12, at.bottom - 24], "thin: the law itself", "measured", "end"),
      chip(at, "x", budget, "C", at.phone ? "Gopher" : "Gopher's budget"),
      chip(at, "y", shown, "N", short(asked, 2)),
      at.frame,
    );
    ends.forEach((put, which) => {
      const { C, size } = which ? last : first;
      const limits = which
        ? [NARROWEST * window[0], extent[1]]
        : [extent[0], window[1] / NARROWEST];
      const [lo, hi] = limits.map(N => Math.log10(N).toFixed(2));
      put([at.x(C), at.y(size)], {
        value: Math.log10(window[which]).toFixed(2),
        lo,
        hi,
        text: `${short(window[which])} parameters in its layers`,
        cue: ui.atStart() ? 0 : null,
      });
    });
    ui.say(...words(law, omega, window, counted, budget, ui.atStart()));
  };
}

export default picture({
  name: "counting",
  label: "Best model size against compute, as a study counts them",
  build,
});
