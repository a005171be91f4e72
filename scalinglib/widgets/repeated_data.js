// Readings of one text against what they are worth in readings of fresh text; the reader moves along the law.

import { loss, worthOf } from "./law.js";
import {
  axes,
  clamp,
  curve,
  dots,
  drop,
  handle,
  knob,
  nats,
  note,
  onTap,
  percent,
  picture,
  short,
  slider,
} from "./ui.js";

const MOST = 64;

// What the sentence needs: worth in readings, and the loss beside that of fresh data.
export function reading(law, size, unique, epochs) {
  const worth = worthOf(epochs, law.R_D);
  return {
    worth,
    repeated: loss(law, size, worth * unique),
    fresh: loss(law, size, epochs * unique),
  };
}

// The run nearest to a number of readings, if it is near.
export const nearby = (runs, epochs) =>
  runs
    .filter(([e]) => e > 1 && Math.abs(Math.log(e / epochs)) < 0.12)
    .sort((a, b) => Math.abs(Math.log(a[0] / epochs)) - Math.abs(Math.log(b[0] / epochs)))[0];

const count = n => n.toFixed(n < 19.95 ? 1 : 0).replace(".0", "");
const readings = n => `${count(n)} reading${count(n) === "1" ? "" : "s"}`;

function words(law, size, unique, runs, epochs, revealed) {
  if (!revealed)
    return [
      "Guess first: draw the curve in your mind, below the dashed line. Then drag the ring to the right.",
    ];
  const { worth, repeated, fresh } = reading(law, size, unique, epochs);
  const run = nearby(runs, epochs);
  const ours = run
    ? [" Our own run with ", ["measured", `${readings(run[0])} was worth ${count(run[1])}`], "."]
    : [];
  return [
    ["D", `${readings(epochs)} of ${short(unique)} tokens`],
    count(epochs) === "1" ? " is worth " : " are worth ",
    ["predicted", `${count(worth)} of fresh text, ${percent(worth / epochs)}`],
    `: ${short(size)} parameters reach ${nats(repeated)} nats, on fresh text ${nats(fresh)}.`,
    ...ours,
  ];
}

function build(ui) {
  const [law, size, unique, runs] = ["law", "size", "unique", "runs"].map(ui.get);
  let at;
  const place = epochs => ui.set({ epochs: clamp(epochs, 1, MOST), revealed: true });
  const put = handle(ui, {
    label: "Readings of the same text",
    parts: knob("predicted"),
    axis: "x",
    move: x => place(at.x.invert(x)),
  });
  onTap(ui, ([x, y]) => {
    if (x > at.left && x < at.right && y > at.top && y < at.bottom) place(at.x.invert(x));
  });
  const value = { get: () => Math.log2(ui.get("epochs")), set: log => place(2 ** log) };
  ui.controls(
    slider(ui, "Readings", value, {
      lo: 0,
      hi: 6,
      step: 0.05,
      text: log => count(2 ** log),
      kind: "D",
    }),
    ui.reset(),
  );

  return width => {
    const [epochs, revealed] = [ui.get("epochs"), ui.get("revealed")];
    const worth = worthOf(epochs, law.R_D);
    at = axes(width, {
      x: {
        lo: 0.9,
        hi: MOST * 1.1,
        log: true,
        title: "readings of the same text (epochs)",
        kind: "D",
      },
      y: {
        lo: 0.9,
        hi: MOST * 1.1,
        log: true,
        title: "worth, in readings of fresh text",
        kind: "D",
      },
    });
    const last = runs.at(-1);
    ui.paint(
      at,
      at.grid,
      curve(at, e => e, "D sl-dashed sl-thin", 1, MOST),
      note([at.x(13), at.y(13) - 12], "fresh text", "D", "end"),
      ...(revealed
        ? [
            curve(at, e => worthOf(e, law.R_D), "predicted", 1, MOST),
            note([at.right - 6, at.y(worthOf(MOST, law.R_D)) - 10], "law", "predicted", "end"),
            dots(at, runs),
            last
              ? note([at.x(last[0]), at.y(last[1]) + 24], "our runs", "measured", "middle")
              : null,
          ]
        : []),
      drop(at, "x", [epochs, worth], "D"),
      drop(at, "y", [epochs, worth], "predicted"),
      at.frame,
    );
    put([at.x(epochs), at.y(worth)], {
      value: epochs.toFixed(1),
      lo: 1,
      hi: MOST,
      text: revealed ? `${readings(epochs)}, worth ${count(worth)}` : readings(epochs),
      cue: ui.atStart() ? 0 : null,
    });
    ui.say(...words(law, size, unique, runs, epochs, revealed));
  };
}
export default picture({ name: "repeats", label: "Worth of repeated text", build });
