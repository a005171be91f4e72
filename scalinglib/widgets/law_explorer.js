// The plane of size and data with one run to move: what does it reach, and what would the best split reach?

import { contour, loss, optimum, overhead } from "./law.js";
import {
  axes,
  button,
  checkbox,
  chip,
  clamp,
  diamond,
  dots,
  drop,
  fold,
  handle,
  html,
  knob,
  linearTicks,
  nats,
  note,
  onTap,
  path,
  percent,
  phrase,
  picture,
  row,
  same,
  scientific,
  select,
  short,
  slider,
  svg,
} from "./ui.js";

const degrees = slope => (Math.atan(slope) * 180) / Math.PI;

// ---- the plane ------------------------------------------------------------------------------

// Lower loss is stacked deeper, as water on a chart. Numbers stand where the lines leave.
function contours(law, at) {
  const lines = svg("g", { "clip-path": at.clip });
  const numbers = svg("g");
  const levels = linearTicks(loss(law, at.x.hi, at.y.hi), loss(law, at.x.lo, at.y.lo), 14);
  let last = [Infinity, Infinity];
  for (const level of levels.filter(level => level > law.E * (1 + 1e-9))) {
    const points = contour(law, level).map(([N, D]) => [
      clamp(at.x(N), -9999, 9999),
      clamp(at.y(D), -9999, 9999),
    ]);
    const edge = `L9999 ${points.at(-1)[1]}L9999 -9999L${points[0][0]} -9999Z`;
    lines.append(
      svg("path", { class: "sl-water", d: path(points) + edge }),
      svg("path", { class: "sl-contour", d: path(points) }),
    );
    const gap = level - law.E;
    const y = at.y((law.B / (gap - law.A / at.x.hi ** law.alpha)) ** (1 / law.beta)); // at the right edge
    const x = at.x((law.A / (gap - law.B / at.y.lo ** law.beta)) ** (1 / law.alpha)); // at the lower edge
    const place = y < at.bottom ? [at.right + 6, y + 4] : [x + 3, at.bottom - 6];
    const apart = Math.hypot((place[0] - last[0]) / 4, place[1] - last[1]); // numbers are wider than tall
    if (y < at.top || !(place[0] > at.left) || apart < 13) continue;
    numbers.append(note(place, short(level), "level"));
    last = place;
  }
  return [lines, numbers];
}

// The stretch inside the frame of the straight line through (x, y), from left to right.
function stretch(at, [x, y], slope) {
  const [first, last] = [at.top, at.bottom]
    .map(edge => x + (edge - y) / slope)
    .sort((a, b) => a - b);
  return [Math.max(at.left, first), Math.min(at.right, last)].map(edge => [
    edge,
    y + slope * (edge - x),
  ]);
}

// Words along a straight line, read from left to right; `share` of the line is where they stand, `lift` how far below.
function along([[x1, y1], [x2, y2]], share, text, kind, lift) {
  const length = Math.hypot(x2 - x1, y2 - y1);
  if (length < 8 * text.length) return null;
  const half = (4 * text.length) / length;
  const s = clamp(share, half, 1 - half);
  const transform = `translate(${x1 + s * (x2 - x1)} ${y1 + s * (y2 - y1)}) rotate(${degrees((y2 - y1) / (x2 - x1))})`;
  return svg("g", { transform }, note([0, lift], text, kind, "middle"));
}

function frontier(law, at) {
  const [[x, y], [x2, y2]] = [1e15, 1e32]
    .map(C => optimum(law, C))
    .map(({ N, D }) => [at.x(N), at.y(D)]);
  const line = stretch(at, [x, y], (y2 - y) / (x2 - x));
  if (line[0][0] >= line[1][0]) return null;
  const share = line[1][0] < at.right - 1 ? 0.22 : 0.82; // a line that leaves by the top passes the largest models
  const words = along(
    line,
    share,
    at.phone ? "best splits" : "best split of every budget",
    "predicted",
    17,
  );
  return svg(
    "g",
    {},
    svg("path", { class: "sl-curve sl-frontier sl-predicted", d: path(line) }),
    words,
  );
}

// Names stand above their dots, or at the next place where they touch no dot and no other name.
function names(models, at, run) {
  const taken = models.map(([, N, D]) => [at.x(N), at.y(D) + 4, 6]);
  return models.map(([name, N, D]) => {
    const here = same(run, [N, D]);
    const half = 3.6 * name.length;
    const places = [
      [0, here ? -22 : -11],
      [half + 9, 4],
      [0, 21],
      [0, -26],
    ].map(([dx, dy]) => [clamp(at.x(N) + dx, at.left + half, at.right - half), at.y(D) + dy]);
    const place =
      places.find(
        ([x, y]) =>
          !taken.some(
            ([x2, y2, half2]) => Math.abs(x - x2) < half + half2 && Math.abs(y - y2) < 14,
          ),
      ) ?? places[0];
    taken.push([...place, half]);
    return note(place, name, here ? "name sl-here" : "name", "middle");
  });
}

// ---- the run --------------------------------------------------------------------------------

const railSlope = at => -at.y.rate / at.x.rate;

// The line of equal compute through the run; its amount stands where the run is not (on a phone only in the sentence).
function rail(at, [N, D], C) {
  const line = stretch(at, [at.x(N), at.y(D)], railSlope(at));
  const share = at.x(N) < (line[0][0] + line[1][0]) / 2 ? 0.8 : 0.23;
  return [
    svg("path", { class: "sl-curve sl-thin sl-rail sl-C", d: path(line) }),
    at.phone ? null : along(line, share, `${scientific(C, 3)} FLOPs`, "C", -7),
  ];
}

function bestMark(at, [N, D], best) {
  const point = [at.x(best.N), at.y(best.D)];
  const besideN = Math.abs(point[0] - at.x(N)) > 50;
  const besideD = Math.abs(point[1] - at.y(D)) > 23;
  return [
    svg("path", { class: "sl-gap sl-C", d: path([[at.x(N), at.y(D)], point]) }),
    besideN ? drop(at, "x", [best.N, best.D], "") : null,
    besideD ? drop(at, "y", [best.N, best.D], "") : null,
    besideN ? chip(at, "x", best.N, "N", short(best.N, 2), true) : null,
    besideD ? chip(at, "y", best.D, "D", short(best.D, 2), true) : null,
    diamond(point),
  ];
}

// The run of the same compute whose size is as near to `size` as the picture allows.
function slide(at, [N, D], size) {
  const ND = N * D;
  const n = clamp(size, Math.max(at.x.lo, ND / at.y.hi), Math.min(at.x.hi, ND / at.y.lo));
  return [n, ND / n];
}

// ---- the sentence ---------------------------------------------------------------------------

const split = ([N, D], C) => [
  ["C", `${scientific(C, 3)} FLOPs`],
  " as ",
  ["N", `${short(N)} parameters`],
  " on ",
  ["D", `${short(D)} tokens`],
  ` (${short(D / N, 2)} per parameter)`,
];
function verdict(law, run, value, best) {
  const over = overhead(law, ...run);
  if (over < 0.0005)
    return [". That is the best split of this compute: ", ["C", "0.0 % over"], "."];
  const price = over < 10 ? percent(over) : `${short(over, 2)} times`;
  const there = [
    ". The best split of that compute is ",
    ["N", short(best.N, 2)],
    " on ",
    ["D", short(best.D, 2)],
  ];
  return [
    ...there,
    " and reaches ",
    ["predicted", `${nats(best.loss)} nats`],
    "; you pay ",
    ["C", `${price} more compute`],
    ` than a loss of ${nats(value)} needs.`,
  ];
}
// Before the guess no loss is told, neither here nor by curves: it would be the answer.
const tease = atStart =>
  atStart
    ? ". Drag the run to where you expect the lowest loss and let go (arrow keys, then Enter)."
    : ": your guess? Let go, or press Enter, to see its loss and the best.";

// ---- the reader's own law -------------------------------------------------------------------

const CONSTANTS = [
  ["E", "floor E", { lo: 0, hi: 3, step: 0.01, kind: "predicted" }],
  ["alpha", "size exponent α", { lo: 0.25, hi: 0.5, step: 0.002, kind: "N" }],
  ["A", "size term A", { lo: 2, hi: 4, step: 0.02, kind: "N", log: true }],
  ["beta", "data exponent β", { lo: 0.25, hi: 0.5, step: 0.002, kind: "D" }],
  ["B", "data term B", { lo: 2, hi: 4, step: 0.02, kind: "D", log: true }],
];
const digits = value => String(Number(value.toPrecision(4)));
const formula = ({ E, A, B, alpha, beta }) =>
  phrase(
    "loss = ",
    ["predicted", digits(E)],
    " + ",
    ["N", `${digits(A)} / N^{${digits(alpha)}}`],
    " + ",
    ["D", `${digits(B)} / D^{${digits(beta)}}`],
  );

function lawEditor(ui) {
  const shown = html("p", { class: "sl-formula" });
  ui.onDraw(() => shown.replaceChildren(formula(ui.get("law"))));
  const sliders = CONSTANTS.map(([name, label, { log, ...range }]) => {
    const value = {
      get: () => (log ? Math.log10(ui.get("law")[name]) : ui.get("law")[name]),
      set: v => ui.set({ law: { ...ui.get("law"), [name]: log ? 10 ** v : v }, revealed: true }),
    };
    return slider(ui, label, value, { ...range, text: v => digits(log ? 10 ** v : v) });
  });
  return fold("Change the law", shown, sliders[0], row(...sliders.slice(1)));
}

// A menu of [name, value of the trait]; any other value is the reader's own, if there may be one.
function menu(ui, label, trait, entries, own) {
  const value = {
    get: () => entries.findIndex(entry => same(entry[1], ui.get(trait))),
    set: i => ui.set(i < 0 ? {} : { [trait]: entries[i][1] }),
  };
  return select(ui, label, value, [...own, ...entries.map(([name], i) => [i, name])]);
}

const lossTitle = at =>
  svg(
    "text",
    { class: "sl-title sl-predicted", x: at.width - 2, y: 16, "text-anchor": "end" },
    "loss, nats",
  );

// ---- the picture ----------------------------------------------------------------------------

function build(ui) {
  const models = ui.get("models");
  const start = ui.get("start").run;
  const [nLo, nHi, dLo, dHi] = ui.get("extent");
  let at;

  function moved(x, y) {
    if (!ui.get("hold_compute")) return [at.x.clamp(at.x.invert(x)), at.y.clamp(at.y.invert(y))];
    const [N, D] = ui.get("run");
    const slope = railSlope(at);
    const nearest = at.x(N) + (x - at.x(N) + slope * (y - at.y(D))) / (1 + slope ** 2); // on the line through the run
    return slide(at, [N, D], at.x.invert(nearest));
  }
  const reveal = () => ui.set({ revealed: true });
  const put = handle(ui, {
    label: "Your run",
    parts: knob("C"),
    move: (x, y) => ui.set({ run: moved(x, y) }),
    done: reveal,
  });
  onTap(ui, ([x, y]) => {
    const near = models.find(([, N, D]) => Math.hypot(at.x(N) - x, at.y(D) - y) < 14);
    if (near) ui.set({ run: near.slice(1) });
    else if (x > at.left && x < at.right && y > at.top && y < at.bottom)
      ui.set({ run: moved(x, y), revealed: true });
  });

  const own = [[-1, "your own"]];
  ui.controls(
    button("Show the best split", reveal, "sl-primary"),
    ui.reset(),
    checkbox(ui, "keep compute fixed", ui.trait("hold_compute")),
    row(
      menu(
        ui,
        "Run",
        "run",
        models.map(([name, ...run]) => [name, run]),
        own,
      ),
      menu(ui, "Law", "law", Object.entries(ui.get("laws")), ui.get("editable") ? own : []),
    ),
    ui.get("editable") ? lawEditor(ui) : "",
  );

  return width => {
    const [run, law, revealed] = [ui.get("run"), ui.get("law"), ui.get("revealed")];
    const C = 6 * run[0] * run[1];
    const [best, value] = [optimum(law, C), loss(law, ...run)];
    at = axes(width, {
      x: { lo: nLo, hi: nHi, log: true, title: "model size N, all parameters", kind: "N" },
      y: { lo: dLo, hi: dHi, log: true, title: "training data D, tokens", kind: "D" },
      ratio: 0.72,
      margin: 40,
    });
    const [lines, numbers] = revealed ? contours(law, at) : [];
    const chips = [
      chip(at, "x", run[0], "N", short(run[0])),
      chip(at, "y", run[1], "D", short(run[1])),
    ];
    const bestInside = at.x.clamp(best.N) === best.N && at.y.clamp(best.D) === best.D;
    ui.paint(
      at,
      lines,
      at.grid,
      revealed ? lossTitle(at) : null,
      numbers,
      revealed ? frontier(law, at) : null,
      at.frame,
      ...rail(at, run, C),
      drop(at, "x", run, "N"),
      drop(at, "y", run, "D"),
      ...(revealed && bestInside ? bestMark(at, run, best) : []),
      ...chips,
      dots(
        at,
        models.map(([, N, D]) => [N, D]),
      ),
      ...names(models, at, run),
    );
    const told = revealed ? `, ${nats(value)} nats` : "";
    put([at.x(run[0]), at.y(run[1])], {
      value: Math.log10(run[0]),
      lo: Math.log10(nLo),
      hi: Math.log10(nHi),
      text: `${short(run[0])} parameters on ${short(run[1])} tokens${told}`,
      cue: same(run, start) ? (ui.get("hold_compute") ? degrees(railSlope(at)) : 0) : null,
    });
    if (revealed)
      ui.say(
        ...split(run, C),
        ": ",
        ["predicted", `${nats(value)} nats`],
        ...verdict(law, run, value, best),
      );
    else ui.say(...split(run, C), tease(same(run, start)));
  };
}
export default picture({ name: "law", label: "Plane of model size and training data", build });
