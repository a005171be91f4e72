// A straight line on log-log paper, fitted in a window of runs whose loss has a floor, and how far it misses further out.

import { powerLoss } from "./law.js";
import {
  axes,
  chip,
  clamp,
  curve,
  diamond,
  dots,
  handle,
  knob,
  note,
  percent,
  picture,
  short,
  svg,
  update,
} from "./ui.js";

const FEWEST = 3; // through two runs every line is perfect
const HIGHEST = 3; // nats, the highest floor to try
const PAPER = [0.15, 14]; // nats, the ends of the loss axis; a floor dragged to its lower end is no floor

// Least squares of log loss on log x. r2 is the share of the spread of log loss that the line explains.
export function straightLine(x, losses) {
  const mean = values => values.reduce((a, b) => a + b, 0) / values.length;
  const u = x.map(Math.log);
  const v = losses.map(Math.log);
  const [u0, v0] = [mean(u), mean(v)];
  const slope = mean(u.map((a, i) => (a - u0) * (v[i] - v0))) / mean(u.map(a => (a - u0) ** 2));
  const left = mean(u.map((a, i) => (v[i] - v0 - slope * (a - u0)) ** 2));
  return {
    slope,
    r2: 1 - left / mean(v.map(b => (b - v0) ** 2)),
    at: x => Math.exp(v0 + slope * (Math.log(x) - u0)),
  };
}

// The line through the runs `first` to `last` of the ladder, and what it says `ahead` times beyond the largest of them.
export function forecast(law, ladder, [first, last], ahead) {
  const D = ladder.slice(first, last + 1);
  const losses = D.map(d => powerLoss(law, d));
  const line = straightLine(D, losses);
  const far = ahead * D.at(-1);
  const [said, truth] = [line.at(far), powerLoss(law, far)];
  return { ...line, D, losses, far, said, truth, miss: said / truth - 1 };
}

export function slideWindow([first, last], by, total) {
  const step = clamp(by, -first, total - 1 - last);
  return [first + step, last + step];
}
export const pullEdge = ([first, last], which, to, total) =>
  which
    ? [first, clamp(to, first + FEWEST - 1, total - 1)]
    : [clamp(to, 0, last - FEWEST + 1), last];

// A pixel of the loss axis -> a floor in hundredths of a nat.
const floorAt = value =>
  value < PAPER[0] * 1.03 ? 0 : Math.min(HIGHEST, Math.round(value * 100) / 100);

function words(fit, floor, revealed, ahead) {
  const minus = (value, digits) => value.toFixed(digits).replace("-", "−");
  const fourth = fit.r2 > 0.99995 ? "1.0000" : fit.r2.toFixed(4);
  const seen = `${fit.D.length} runs, ${short(fit.D[0], 2)} to ${short(fit.D.at(-1), 2)} tokens: `;
  const line = ["predicted", `slope ${minus(fit.slope, 3)}, R² ${fourth}`];
  const said = ["predicted", `${fit.said.toFixed(2)} nats`];
  const where = `At ${short(fit.far, 2)} tokens, ${ahead} times further, it says `;
  if (!revealed)
    return [
      seen,
      line,
      ". ",
      where,
      said,
      ". Is that what you will get? Pull the window or the floor to see.",
    ];
  const truth = ["measured", `${fit.truth.toFixed(2)}`];
  if (floor === 0)
    return [
      seen,
      line,
      ". ",
      where,
      said,
      ", and so it is: without a floor the line is the law, and ",
      ["predicted", "nothing is missed"],
      ".",
    ];
  return [
    seen,
    line,
    ". ",
    where,
    said,
    "; the truth is ",
    truth,
    ": a miss of ",
    ["predicted", `${minus(100 * fit.miss, 1)} %`],
    ".",
  ];
}

// ---- the window: a bar to slide and two edges to pull -------------------------------------------

function makeWindow(ui, place) {
  const band = svg("rect", { class: "sl-band", "aria-hidden": "true" });
  const track = svg("rect", { class: "sl-track", rx: 4 });
  const target = svg("rect", { class: "sl-hit" });
  const label = svg("text", { "text-anchor": "middle", "aria-hidden": "true", class: "sl-count" });
  const grip = () => [
    svg("rect", { class: "sl-hit", x: -22, y: -22, width: 44, height: 44 }),
    svg("rect", { class: "sl-grip", x: -6, y: -12, width: 12, height: 24, rx: 4 }),
  ];
  ui.stage.prepend(band);
  const change = range => ui.set({ window: range, revealed: true });
  const range = () => ui.get("window");
  const total = () => ui.get("ladder").length;
  const middle = () => (place.x(0, range()) + place.x(1, range())) / 2;
  const bar = handle(ui, {
    label: "Slide the window",
    parts: [target, track, label],
    axis: "x",
    step: () => place.rung(),
    move: x => change(slideWindow(range(), Math.round((x - middle()) / place.rung()), total())),
  });
  const edges = ["First run in the window", "Last run in the window"].map((text, which) =>
    handle(ui, {
      label: text,
      parts: grip(),
      axis: "x",
      step: () => place.rung(),
      move: x =>
        change(
          pullEdge(
            range(),
            which,
            range()[which] + Math.round((x - place.x(which, range())) / place.rung()),
            total(),
          ),
        ),
    }),
  );
  return at => {
    const [first, last] = range();
    const ladder = ui.get("ladder");
    const [from, to] = [place.x(0, range()), place.x(1, range())];
    const half = (to - from) / 2;
    const y = at.top - 17;
    update(band, { x: from, y, width: 2 * half, height: at.bottom - y });
    update(track, { x: -half, y: -9, width: 2 * half, height: 18 });
    update(target, { x: -half, y: -22, width: 2 * half, height: 44 });
    update(label, { y: 4.5 });
    label.textContent =
      half > 66
        ? `${last - first + 1} runs in the fit`
        : half > 34
          ? `${last - first + 1} runs`
          : last - first + 1;
    bar([from + half, y], {
      value: first + 1,
      lo: 1,
      hi: ladder.length - (last - first),
      text: `runs ${first + 1} to ${last + 1} of ${ladder.length}`,
    });
    edges.forEach((put, which) => {
      const [lo, hi] = which ? [first + FEWEST, ladder.length] : [1, last + 2 - FEWEST];
      put([which ? to : from, y], {
        value: range()[which] + 1,
        lo,
        hi,
        text: `${short(ladder[range()[which]], 2)} tokens`,
      });
    });
  };
}

// ---- the picture ----------------------------------------------------------------------------------

function build(ui) {
  let at;
  const ladder = ui.get("ladder");
  const ahead = ui.get("ahead");
  const margin = Math.sqrt(ladder[1] / ladder[0]); // an edge stands half a rung outside its run
  const place = {
    rung: () => at.x(ladder[1]) - at.x(ladder[0]),
    x: (which, range) => at.x(ladder[range[which]] * (which ? margin : 1 / margin)),
  };
  const drawWindow = makeWindow(ui, place);
  const putFloor = handle(ui, {
    label: "Floor",
    parts: knob("measured"),
    axis: "y",
    step: () => 4,
    move: (_, y) => ui.set({ floor: floorAt(at.y.invert(y)), revealed: true }),
  });
  ui.controls(ui.reset());

  return width => {
    const floor = ui.get("floor");
    const revealed = ui.get("revealed");
    const law = { ...ui.get("law"), floor };
    const [first, last] = ui.get("window");
    const fit = forecast(law, ladder, [first, last], ahead);
    at = axes(width, {
      x: {
        lo: ladder[0] / 6,
        hi: ladder.at(-1) * ahead * 3,
        log: true,
        title: "training data D, tokens",
        kind: "D",
      },
      y: { lo: PAPER[0], hi: PAPER[1], log: true, title: "loss, nats", kind: "measured" },
      head: 66,
    });
    const level = floor === 0 ? at.bottom : at.y(floor);
    const low = at.bottom - level < 22;
    const [said, truth] = [at.y(fit.said), at.y(fit.truth)];
    const x = at.x(fit.far);
    const pairs = values => values.map(d => [d, powerLoss(law, d)]);
    const apart = Math.abs(said - truth) > 20;
    ui.paint(
      at,
      at.grid,
      svg("path", { class: "sl-floor", d: `M${at.left} ${level}H${at.right}` }),
      revealed ? curve(at, d => powerLoss(law, d), "measured", fit.D[0]) : null,
      curve(at, fit.at, "predicted sl-beyond", fit.D[0], fit.far),
      curve(at, fit.at, "predicted", fit.D[0], fit.D.at(-1)),
      revealed
        ? dots(at, pairs([...ladder.slice(0, first), ...ladder.slice(last + 1)]), {
            simulated: true,
            kind: "out",
            r: 3,
          })
        : null,
      dots(at, pairs(fit.D), { simulated: true, r: at.phone ? 3.5 : 4.5 }),
      revealed && apart
        ? svg("path", { class: "sl-miss", d: `M${x} ${truth + 5}V${said - 9}` })
        : null,
      revealed ? dots(at, [[fit.far, fit.truth]], { simulated: true }) : null,
      diamond([x, said]),
      revealed && apart
        ? note(
            [Math.min(x, at.right - 46), said + 24],
            `${percent(fit.miss)} too low`,
            "predicted",
            "middle",
          )
        : null,
      note(
        low ? [at.left + 46, level - 8] : [at.right - 5, level + 16], // clear of a guess and of the curve
        floor === 0 ? "no floor" : `floor ${floor.toFixed(2)}`,
        "measured",
        low ? "start" : "end",
      ),
      chip(at, "x", fit.far, "D", short(fit.far, 2)),
      at.frame,
    );
    drawWindow(at);
    putFloor([at.left + 24, level], {
      value: floor,
      lo: 0,
      hi: HIGHEST,
      text: floor === 0 ? "no floor" : `${floor.toFixed(2)} nats`,
      cue: revealed ? null : 90,
    });
    ui.say(...words(fit, floor, revealed, ahead));
  };
}

export default picture({
  name: "missing-floor",
  label: "Loss against training data on log-log paper, with a line fitted in a window",
  build,
});
