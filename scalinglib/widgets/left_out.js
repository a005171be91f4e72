// The plane of both exponents: refits of a bootstrap, published constants, and a slider that leaves out the highest losses.

import { optimum } from "./law.js";
import { axes, curve, diamond, note, path, picture, scientific, short, slider, svg } from "./ui.js";

const AXES = {
  x: { lo: 0.26, hi: 0.42, title: "exponent of size, α", kind: "N" },
  y: { lo: 0.24, hi: 0.6, title: "exponent of data, β", kind: "D" },
  ratio: 0.72,
};

// What the sentence needs: the best size and its interval now, and whether it lies in the interval of the first fit.
export function verdict(fits, dropped, budget) {
  const best = optimum(fits[dropped].law, budget).N;
  const [low, high] = fits[0].size;
  return { best, interval: fits[dropped].size, inside: best >= low && best <= high };
}

const plural = (n, one, many) => (n === 1 ? one : `${n} ${many}`);
const range = ([low, high]) => `${short(low)} to ${short(high)}`;

export function words(fits, dropped, budget, runs) {
  const { best, interval, inside } = verdict(fits, dropped, budget);
  const { alpha, beta } = fits[dropped].law;
  const found = [
    dropped
      ? `Without the ${plural(dropped, "highest loss", "highest losses")}: `
      : `All ${runs} runs: `,
    ["N", `α ${alpha.toFixed(3)}`],
    ", ",
    ["D", `β ${beta.toFixed(3)}`],
    ", and for ",
    ["C", `${scientific(budget, 3)} FLOPs`],
    " the best size is ",
    ["N", short(best)],
    `; 90 % of refits say ${range(interval)}. `,
  ];
  if (!dropped) return [...found, "Move the slider."];
  const first = `${range(fits[0].size)}, the interval from all ${runs}.`;
  const share = `${plural(dropped, "One run", "runs")} of ${runs}, ${((100 * dropped) / runs).toFixed(1)} %, `;
  if (inside) return [...found, `${share}moved the answer, still inside ${first}`];
  return [...found, `${share}carried the answer out of ${first}`];
}

const point = (at, [alpha, beta]) => [at.x(alpha), at.y(beta)];

function cloud(at, refits) {
  const inside = refits.filter(
    ([a, b]) => a > AXES.x.lo && a < AXES.x.hi && b > AXES.y.lo && b < AXES.y.hi,
  );
  const rings = inside.map(pair => {
    const [cx, cy] = point(at, pair);
    return svg("circle", { cx, cy, r: 2.6 });
  });
  return svg("g", { class: "sl-cloud" }, ...rings);
}

// On the diagonal the best size and the best data grow alike, both as C to the power 0.5.
function diagonal(at) {
  const [from, to] = [Math.max(AXES.x.lo, AXES.y.lo), Math.min(AXES.x.hi, AXES.y.hi)];
  const [x, y] = point(at, [to, to]);
  return [
    curve(at, alpha => alpha, "thin sl-dashed", from, to),
    note([x - 8, y + 24], "α = β", "muted", "end"),
  ];
}

function constantsInPrint(at, { name, law }) {
  const [x, y] = point(at, [law.alpha, law.beta]);
  const left = law.alpha > 0.36;
  return [
    svg("path", {
      class: "sl-curve sl-measured",
      d: `M${x - 5} ${y - 5}l10 10M${x - 5} ${y + 5}l10 -10`,
    }),
    note([x + (left ? -10 : 10), y + 18], name, "measured", left ? "end" : "start"),
  ];
}

function build(ui) {
  const [fits, runs, budget] = ["fits", "runs", "budget"].map(ui.get);
  const last = fits.length - 1;
  ui.controls(
    slider(ui, "Highest losses left out", ui.trait("dropped"), {
      lo: 0,
      hi: last,
      step: 1,
      text: n => `${n} of ${runs}`,
    }),
    ui.reset(),
  );
  return width => {
    const dropped = ui.get("dropped");
    const at = axes(width, AXES);
    const here = fits.map(({ law }) => point(at, [law.alpha, law.beta]));
    ui.paint(
      at,
      at.grid,
      ...diagonal(at),
      cloud(at, fits[dropped].refits),
      svg("path", { class: "sl-curve sl-thin", d: path(here.slice(0, dropped + 1)) }),
      ...ui.get("published").flatMap(entry => constantsInPrint(at, entry)),
      diamond(here[dropped]),
      at.frame,
    );
    ui.say(...words(fits, dropped, budget, runs));
  };
}

export default picture({
  name: "left-out",
  label: "Both exponents, fitted without the highest losses",
  build,
});
