// A power law with a break; a window of runs, a straight line and a law with a floor fitted to it, and how both miss.

import { brokenLoss, powerLoss } from "./law.js";
import {
  axes,
  chip,
  clamp,
  curve,
  diamond,
  dots,
  handle,
  note,
  percent,
  picture,
  scientific,
  slider,
  svg,
  update,
} from "./ui.js";

const RUNS = 7;

// Both forecasts from the window that begins at run `first`, and the truth there.
export function forecasts(law, ladder, fit, first, ahead) {
  const far = ahead * ladder[first + RUNS - 1];
  const truth = brokenLoss(law, far);
  const [line, floor] = [powerLoss(fit.line, far), powerLoss(fit.floor, far)];
  return { far, truth, line, floor, lineMiss: line / truth - 1, floorMiss: floor / truth - 1 };
}

const miss = share =>
  Math.abs(share) < 0.005
    ? "right to half a per cent"
    : `${percent(share)} too ${share < 0 ? "low" : "high"}`;

function words(said, fit, last, revealed) {
  const off = percent(Math.max(fit.floor.off, 0.001));
  const seen = [
    `Runs up to ${scientific(last, 1)} FLOPs. Inside the window the law with a floor is off by ${off} at most. `,
  ];
  const at = ["predicted", `${said.line.toFixed(2)} and ${said.floor.toFixed(2)} nats`];
  if (!revealed)
    return [
      ...seen,
      `A hundred times further, line and floor say `,
      at,
      ". Slide the window to see what comes.",
    ];
  return [
    ...seen,
    `A hundred times further it is `,
    ["predicted", miss(said.floorMiss)],
    ", the straight line ",
    ["predicted", miss(said.lineMiss)],
    fit.floor.floor > 0.1 * said.truth
      ? `. It sees a floor at ${fit.floor.floor.toFixed(2)}; there is none.`
      : ".",
  ];
}

function build(ui) {
  const [law, ladder, fits, ahead] = ["law", "ladder", "fits", "ahead"].map(ui.get);
  let at;
  const place = first =>
    ui.set({ first: clamp(Math.round(first), 0, fits.length - 1), revealed: true });
  const band = svg("rect", { class: "sl-band", "aria-hidden": "true" });
  const track = svg("rect", { class: "sl-track", rx: 4, height: 18, y: -9 });
  const hit = svg("rect", { class: "sl-hit", height: 44, y: -22 });
  const label = svg(
    "text",
    { "text-anchor": "middle", "aria-hidden": "true", class: "sl-count", y: 4.5 },
    "7 runs",
  );
  ui.stage.prepend(band);
  const rung = () => at.x(ladder[1]) - at.x(ladder[0]);
  const put = handle(ui, {
    label: "Slide the window",
    parts: [hit, track, label],
    axis: "x",
    step: () => rung(),
    move: x => place((x - at.x(ladder[(RUNS - 1) / 2])) / rung()),
  });
  const value = { get: () => ui.get("first"), set: place };
  const upTo = first => scientific(ladder[first + RUNS - 1], 1);
  ui.controls(
    slider(ui, "Runs up to", value, { lo: 0, hi: fits.length - 1, step: 1, text: upTo, kind: "C" }),
    ui.reset(),
  );

  return width => {
    const [first, revealed] = [ui.get("first"), ui.get("revealed")];
    const fit = fits[first];
    const inside = ladder.slice(first, first + RUNS);
    const said = forecasts(law, ladder, fit, first, ahead);
    const far = said.far;
    at = axes(width, {
      x: {
        lo: ladder[0] / 3,
        hi: ladder.at(-1) * ahead * 3,
        log: true,
        title: "compute C, FLOPs",
        kind: "C",
        text: v => scientific(v, 1).slice(4),
      },
      y: { lo: 0.6, hi: 9, log: true, title: "loss, nats", kind: "measured" },
      head: 60,
    });
    const pair = x => [x, brokenLoss(law, x)];
    const [from, to] = [at.x(inside[0]) - rung() / 2, at.x(inside.at(-1)) + rung() / 2];
    update(band, { x: from, y: at.top - 17, width: to - from, height: at.bottom - at.top + 17 });
    for (const part of [track, hit]) update(part, { x: (from - to) / 2, width: to - from });
    const near = Math.abs(at.y(said.line) - at.y(said.floor)) < 18;
    const out = { x: at.x(far), line: at.y(said.line), floor: at.y(said.floor) };
    ui.paint(
      at,
      at.grid,
      revealed ? curve(at, x => brokenLoss(law, x), "measured sl-thin") : null,
      curve(at, x => powerLoss(fit.line, x), "predicted sl-dashed", inside[0], far),
      curve(at, x => powerLoss(fit.floor, x), "predicted", inside[0], far),
      revealed
        ? dots(at, [...ladder.slice(0, first), ...ladder.slice(first + RUNS)].map(pair), {
            simulated: true,
            kind: "out",
            r: 3,
          })
        : null,
      dots(at, inside.map(pair), { simulated: true, r: at.phone ? 3.5 : 4.5 }),
      diamond([out.x, out.floor]),
      near ? null : diamond([out.x, out.line]),
      note([out.x - 12, out.floor - 12], near ? "both laws" : "floor", "predicted", "end"),
      near ? null : note([out.x - 12, out.line + 20], "line", "predicted", "end"),
      revealed ? dots(at, [pair(far)], { simulated: true }) : null,
      revealed ? note([at.x(law.at), at.bottom - 8], "break", "measured", "middle") : null,
      chip(at, "x", far, "C", scientific(far, 1)),
      at.frame,
    );
    put([(from + to) / 2, at.top - 17], {
      value: first + 1,
      lo: 1,
      hi: fits.length,
      text: `runs up to ${upTo(first)} FLOPs`,
    });
    ui.say(...words(said, fit, inside.at(-1), revealed));
  };
}

export default picture({
  name: "broken",
  label: "Loss against compute with a break, and two laws fitted in a window",
  build,
});
