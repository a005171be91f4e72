// Steps against tokens for one loss: the hyperbola, its two limits, and a run to drag along it.

import { powerLoss } from "./law.js";
import {
  axes,
  button,
  chip,
  clamp,
  diamond,
  drop,
  handle,
  knob,
  nats,
  note,
  path,
  picture,
  short,
  slider,
  svg,
} from "./ui.js";

// Kaplan et al. 2020, eq. 1.4
export const criticalBatch = ({ scale, exponent }, loss) => scale / loss ** (1 / exponent);

// Fewest steps (eq. 1.6 solved), fewest tokens, and what a real batch takes (eqs. 5.1 and 5.4)
export function run({ size, steps, critical }, N, loss, batch) {
  const bCrit = criticalBatch(critical, loss);
  const sMin = steps.scale / (loss - powerLoss(size, N)) ** (1 / steps.exponent);
  return {
    bCrit,
    sMin,
    dMin: bCrit * sMin,
    S: sMin * (1 + bCrit / batch),
    D: bCrit * sMin * (1 + batch / bCrit),
  };
}

const factor = ratio => (ratio < 9.95 ? ratio.toFixed(1) : Number(ratio.toPrecision(2)));
// "3.9 times fewer steps", "2.2 times more tokens"
export const change = (ratio, what) =>
  Math.abs(ratio - 1) < 0.005
    ? `the same ${what}`
    : ratio < 1
      ? `${factor(1 / ratio)} times fewer ${what}`
      : `${factor(ratio)} times as many ${what}`;

export function words(law, N, loss, batch, before, fresh, largest = Infinity) {
  const { bCrit, S, D, sMin, dMin } = run(law, N, loss, batch);
  const head = [
    "Batch of ",
    ["measured", `${short(batch)} tokens`],
    `: ${short(S)} steps, `,
    ["D", `${short(D)} tokens`],
    ` to ${loss.toFixed(2)} nats. `,
  ];
  if (fresh) return [...head, "Press the button, or drag the run."];
  const old = run(law, N, loss, before);
  const moved =
    Math.abs(batch / before - 1) < 0.005
      ? []
      : [
          `Against a batch of ${short(before)}: ${change(S / old.S, "steps")}, `,
          ["D", change(D / old.D, "tokens")],
          ". ",
        ];
  const elbow = [
    `The critical batch here is `,
    ["predicted", `${short(bCrit)} tokens`],
    `: steps ${factor(S / sMin)}x the fewest, tokens ${factor(D / dMin)}x the fewest.`,
  ];
  const end = batch >= largest ? [" The picture has no larger batch."] : [];
  return [...head, ...moved, ...elbow, ...end];
}

function build(ui) {
  const law = {
    size: ui.get("size_term"),
    steps: ui.get("steps_term"),
    critical: ui.get("critical"),
  };
  const [N, losses, batches] = ["N", "losses", "batches"].map(ui.get);
  const before = ui.get("start").batch;
  let at;
  const take = batch => ui.set({ batch: clamp(batch, ...batches) });
  // every batch is a diagonal D = batch * S: the run goes to where the pointer's diagonal meets the curve
  const put = handle(ui, {
    label: "The run: its batch",
    parts: knob("measured"),
    move: (x, y) => take(at.y.invert(y) / at.x.invert(x)),
    step: () => at.x.rate / 8,
  });
  ui.controls(
    button("10 times the batch", () => take(10 * ui.get("batch")), "sl-primary"),
    slider(ui, "Loss to reach", ui.trait("loss"), {
      lo: losses[0],
      hi: losses[1],
      step: 0.05,
      text: nats,
      kind: "predicted",
    }),
    ui.reset(),
  );
  return width => {
    const [batch, loss] = ["batch", "loss"].map(ui.get);
    const { sMin, dMin, S, D } = run(law, N, loss, batch);
    at = axes(width, {
      x: { lo: 1e3, hi: 1e7, log: true, title: "optimiser steps (time)", kind: "measured" },
      y: { lo: 5e8, hi: 5e12, log: true, title: "tokens read D (compute)", kind: "D" },
    });
    const points = Array.from(
      { length: 121 },
      (_, i) => batches[0] * (batches[1] / batches[0]) ** (i / 120),
    ).map(b => run(law, N, loss, b));
    const wall = d =>
      svg("path", { class: "sl-curve sl-limit sl-predicted sl-dashed", d, "clip-path": at.clip });
    const elbow = [at.x(2 * sMin), at.y(2 * dMin)];
    ui.paint(
      at,
      at.grid,
      wall(`M${at.x(sMin)} ${at.bottom}V${at.top}`),
      wall(`M${at.left} ${at.y(dMin)}H${at.right}`),
      svg("path", {
        class: "sl-curve sl-predicted",
        d: path(points.map(p => [at.x(p.S), at.y(p.D)])),
        "clip-path": at.clip,
      }),
      drop(at, "x", [S, D], "measured"),
      drop(at, "y", [S, D], "D"),
      ui.atStart() ? null : diamond(elbow),
      ui.atStart()
        ? null
        : note(
            [elbow[0] + 12, elbow[1] - 8],
            at.phone ? "critical" : "critical batch",
            "predicted",
          ),
      note([at.x(sMin) - 6, at.top + 16], at.phone ? "fewest" : "fewest steps", "predicted", "end"),
      note([at.right - 6, at.y(dMin) + 16], "fewest tokens", "predicted", "end"),
      chip(at, "x", S, "measured", short(S)),
      chip(at, "y", D, "D", short(D)),
      at.frame,
    );
    put([at.x(S), at.y(D)], {
      value: Math.log2(batch).toFixed(2),
      lo: Math.log2(batches[0]),
      hi: Math.log2(batches[1]),
      text: `${short(batch)} tokens a step: ${short(S)} steps, ${short(D)} tokens`,
      cue: ui.atStart() ? 45 : null,
    });
    ui.say(...words(law, N, loss, batch, before, ui.atStart(), batches[1]));
  };
}

export default picture({
  name: "hyperbola",
  label: "Tokens read against optimiser steps for one loss",
  build,
});
