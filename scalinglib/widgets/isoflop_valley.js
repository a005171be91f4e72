// One valley: loss against model size at fixed compute, runs on it, and a parabola through a window of them.

import { loss, optimum, overhead, parabola } from "./law.js";
import {
  axes,
  chip,
  clamp,
  curve,
  diamond,
  dots,
  drop,
  handle,
  note,
  percent,
  picture,
  scientific,
  short,
  slider,
  svg,
  update,
} from "./ui.js";

const FEWEST = 3; // a parabola needs three runs

// A ladder of sizes around 20 tokens per parameter, C = 6 N (20 N); each run gets the data that C leaves it.
export function simulated(law, C, ladder, noise) {
  const centre = Math.sqrt(C / 120);
  return ladder.map((factor, i) => ({
    N: centre * factor,
    loss: loss(law, centre * factor, C / (6 * centre * factor)) + noise[i],
  }));
}

export function fitWindow(runs, [first, last]) {
  const chosen = runs.slice(first, last + 1);
  const { at, vertex, curvature } = parabola(
    chosen.map(run => Math.log(run.N)),
    chosen.map(run => run.loss),
  );
  const N = Math.exp(vertex);
  const inside = curvature > 0 && N >= chosen[0].N && N <= chosen.at(-1).N;
  return { N, inside, chosen, at: size => at(Math.log(size)) };
}

export function shiftWindow([first, last], to, total) {
  const by = clamp(to - first, -first, total - 1 - last);
  return [first + by, last + by];
}
export function pullEdge([first, last], which, to, total) {
  return which
    ? [first, clamp(to, first + FEWEST - 1, total - 1)]
    : [clamp(to, 0, last - FEWEST + 1), last];
}

// ---- parts of the picture ---------------------------------------------------------------------

const point = (at, N, value) => [at.x(N), at.y(value)];

function plane(width, law, C, runs) {
  const floor = optimum(law, C).loss;
  const highest = Math.max(...runs.map(run => run.loss));
  const room = highest - floor;
  const half = Math.sqrt(runs[1].N / runs[0].N); // half a rung
  return axes(width, {
    x: {
      lo: runs[0].N / half / 1.15,
      hi: runs.at(-1).N * half * 1.15,
      log: true,
      title: "model size N, all parameters",
      kind: "N",
    },
    y: { lo: floor - 0.14 * room, hi: highest + 0.08 * room, title: "loss, nats" },
    ratio: 0.5,
    head: 60,
  });
}

function fittedMinimum(at, fit) {
  const value = fit.at(fit.N);
  return [
    drop(at, "x", [fit.N, value], "predicted"),
    diamond(point(at, fit.N, value)),
    chip(at, "x", fit.N, "predicted", short(fit.N)),
  ];
}

function trueMinimum(at, best, fit) {
  const [x, y] = point(at, best.N, best.loss);
  const [beside, anchor] = best.N >= fit.N ? [7, "start"] : [-7, "end"];
  const words = ["true minimum", short(best.N)].map((line, i) =>
    note([x + beside, at.top + 26 + 16 * i], line, "truth", anchor),
  );
  return [
    svg("path", { class: "sl-true", d: `M${x} ${at.top + 4}V${at.bottom}` }),
    svg("circle", { class: "sl-bottom", cx: x, cy: y, r: 4 }),
    ...words,
  ];
}

const bandOf = (at, [x1, x2]) =>
  svg("rect", {
    class: "sl-band",
    x: x1,
    y: at.top - 8,
    width: x2 - x1,
    height: at.bottom - at.top + 8,
  });

// ---- the window: a bar to slide and two edges to pull --------------------------------------------

const edgeParts = () => [
  svg("rect", { class: "sl-hit", x: -22, y: -14, width: 44, height: 44 }),
  svg("rect", { class: "sl-grip", x: -6, y: -3, width: 12, height: 24, rx: 4 }),
];
const barParts = () => [
  svg("rect", { class: "sl-hit", y: -13, height: 44 }),
  svg("rect", { class: "sl-track", height: 18, rx: 4 }),
  svg("text", { y: 13, "text-anchor": "middle", "aria-hidden": "true" }),
];
function sizeBar([hit, track, text], width, count) {
  update(hit, { x: 22 - width / 2, width: Math.max(0, width - 44) });
  update(track, { x: -width / 2, width });
  text.textContent = width > 132 ? `${count} runs in the fit` : count;
}

// ---- the sentence ---------------------------------------------------------------------------

const cost = share => (share < 0.0005 ? "under 0.1 %" : percent(share));

function words(law, C, fit, revealed) {
  const through = `The parabola through ${fit.chosen.length} runs (${short(fit.chosen[0].N, 2)} to ${short(fit.chosen.at(-1).N, 2)})`;
  if (!fit.inside) {
    const side = fit.N < fit.chosen[0].N ? "smaller" : "larger";
    return [
      `${through} has no lowest point inside its window. Refuse it and buy `,
      ["N", `${side} models`],
      ": an edge is not a minimum.",
    ];
  }
  const found = [`${through} puts the minimum at `, ["predicted", `${short(fit.N)} parameters`]];
  if (!revealed)
    return [
      ...found,
      ". Is that the bottom of the valley? Slide the window, or pull its edges, and let go (arrow keys, then Enter).",
    ];
  const best = optimum(law, C);
  const bias = fit.N / best.N - 1;
  const D = C / (6 * fit.N);
  if (Math.abs(bias) < 5e-4)
    return [...found, "; the true one is ", ["N", short(best.N)], ": they agree to 0.1 %."];
  return [
    ...found,
    "; the true one is ",
    ["N", short(best.N)],
    ". The plan would be ",
    ["N", `${percent(bias)} too ${bias < 0 ? "small" : "large"}`],
    " with ",
    ["D", `${percent(D / best.D - 1)} too ${bias < 0 ? "many" : "few"} tokens`],
    ", and cost ",
    ["C", `${cost(overhead(law, fit.N, D))} extra compute`],
    ".",
  ];
}

// ---- the picture ----------------------------------------------------------------------------

function build(ui) {
  const law = ui.get("law");
  const total = ui.get("ladder").length;
  const [lo, hi] = ui.get("log_compute_range");
  let at;
  let runs;

  const done = () => ui.set({ revealed: true });
  const rung = () => (at.x(runs.at(-1).N) - at.x(runs[0].N)) / (total - 1);
  const nearest = x => Math.round((x - at.x(runs[0].N)) / rung());
  const spread = ([first, last]) => (last - first) / 2;
  const bar = barParts();
  const putBar = handle(ui, {
    label: "Slide the window",
    parts: bar,
    axis: "x",
    step: rung,
    done,
    move: x =>
      ui.set({
        window: shiftWindow(
          ui.get("window"),
          nearest(x - spread(ui.get("window")) * rung()),
          total,
        ),
      }),
  });
  const putEdge = ["First run in the window", "Last run in the window"].map((label, which) =>
    handle(ui, {
      label,
      parts: edgeParts(),
      axis: "x",
      step: rung,
      done,
      move: x =>
        ui.set({
          window: pullEdge(
            ui.get("window"),
            which,
            nearest(x + (which ? -0.5 : 0.5) * rung()),
            total,
          ),
        }),
    }),
  );
  const text = log => `${scientific(10 ** log)} FLOPs`;
  ui.controls(
    slider(ui, "Compute", ui.trait("log_compute"), { lo, hi, step: 0.1, text, kind: "C" }),
    ui.reset(),
  );

  return width => {
    const [range, revealed, C] = [
      ui.get("window"),
      ui.get("revealed"),
      10 ** ui.get("log_compute"),
    ];
    runs = simulated(law, C, ui.get("ladder"), ui.get("noise"));
    at = plane(width, law, C, runs);
    const fit = fitWindow(runs, range);
    const sides = [at.x(runs[range[0]].N) - rung() / 2, at.x(runs[range[1]].N) + rung() / 2];
    const parts = fit.inside ? fittedMinimum(at, fit) : [];
    const isIn = i => i >= range[0] && i <= range[1];
    const where = kept => runs.filter((_run, i) => kept(i)).map(run => [run.N, run.loss]);
    ui.paint(
      at,
      bandOf(at, sides),
      at.grid,
      revealed ? curve(at, N => loss(law, N, C / (6 * N)), "truth sl-thin") : null,
      curve(at, fit.at, "predicted sl-thin sl-dashed"),
      curve(at, fit.at, "predicted", fit.chosen[0].N, fit.chosen.at(-1).N),
      at.frame,
      dots(
        at,
        where(i => !isIn(i)),
        { simulated: true, kind: "out" },
      ),
      dots(at, where(isIn), { simulated: true, r: 5.5 }),
      ...(revealed ? trueMinimum(at, optimum(law, C), fit) : []),
      ...parts,
    );
    sizeBar(bar, sides[1] - sides[0], fit.chosen.length);
    const runsText = `runs ${range[0] + 1} to ${range[1] + 1} of ${total}`;
    putBar([(sides[0] + sides[1]) / 2, at.top - 26], {
      value: range[0] + 1,
      lo: 1,
      hi: total - (range[1] - range[0]),
      text: runsText,
    });
    sides.forEach((x, k) =>
      putEdge[k]([x, at.top - 26], {
        value: range[k] + 1,
        lo: 1,
        hi: total,
        text: `${short(runs[range[k]].N)} parameters`,
      }),
    );
    ui.say(...words(law, C, fit, revealed));
  };
}
export default picture({
  name: "valley",
  label: "Loss against model size at fixed compute",
  build,
});
