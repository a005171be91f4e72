// A network that learns to add: its loss, and the share of answers of a chosen length that are wholly right.
import {
  axes,
  chip,
  clamp,
  dots,
  drop,
  handle,
  knob,
  note,
  path,
  picture,
  short,
  slider,
  svg,
} from "./ui.js";

const NUDGE = 0.001; // pixels of an arrow key
const COUNT = ["no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten"];

// y at a place x between the exams: straight lines in log x.
export function between(xs, ys, x) {
  const i = clamp(
    xs.findIndex(value => value >= x),
    1,
    xs.length - 1,
  );
  const share = Math.log(x / xs[i - 1]) / Math.log(xs[i] / xs[i - 1]);
  return ys[i - 1] + (ys[i] - ys[i - 1]) * clamp(share, 0, 1);
}

// Where y first reaches a level, by the same lines; null where it never does.
export function crossing(xs, ys, level) {
  const i = ys.findIndex(y => y >= level);
  if (i < 0) return null;
  if (i === 0) return xs[0];
  const share = (level - ys[i - 1]) / (ys[i] - ys[i - 1]);
  return xs[i - 1] * (xs[i] / xs[i - 1]) ** share;
}

// What the sentence needs for one length: where half are right, and what marks and loss said at a quarter of that.
export function reading({ problems, loss, exact }, length) {
  const shares = exact[length - 1];
  const half = crossing(problems, shares, 0.5);
  const before = half && half / 4;
  return (
    half && {
      half,
      before,
      share: between(problems, shares, before),
      loss: [before, half].map(x => between(problems, loss, x)),
    }
  );
}

// Whole per cents, but never a "0 %" that is not zero.
const inPercent = share =>
  share > 0 && share < 0.005 ? `${(100 * share).toFixed(1)} %` : `${Math.round(100 * share)} %`;

function words(data, length) {
  const read = reading(data, length);
  const answers = length === 1 ? "One digit" : `All ${COUNT[length] ?? length} digits`;
  if (!read) return [answers, ": never right half of the time."];
  return [
    `${answers}: half of the answers are right after `,
    ["D", `${short(read.half, 2)} problems`],
    ". With a quarter of the training it was ",
    ["measured", inPercent(read.share)],
    `. In between the loss went from ${read.loss[0].toFixed(2)} to ${read.loss[1].toFixed(2)} nats, with no jump.`,
  ];
}

function build(ui) {
  const data = Object.fromEntries(
    ["problems", "loss", "blind", "exact", "product"].map(name => [name, ui.get(name)]),
  );
  const { problems, loss, blind, exact, product } = data;
  const halves = exact.map(shares => crossing(problems, shares, 0.5) ?? problems.at(-1));
  let at;
  const here = () => ui.get("length");
  const nearest = x => {
    const far = halves.map(half => Math.abs(at.x(half) - x));
    return far.indexOf(Math.min(...far)) + 1;
  };
  const put = handle(ui, {
    label: "Where half of the answers are right",
    parts: knob("predicted"),
    axis: "x",
    step: () => NUDGE,
    move(x) {
      const by = x - at.x(halves[here() - 1]);
      const key = Math.abs(by) < 9 * NUDGE; // no pointer moves so little: an arrow key, which means the next length
      ui.set({ length: clamp(key ? here() + Math.sign(by) : nearest(x), 1, exact.length) });
    },
  });
  const digits = n => `${n} digit${n > 1 ? "s" : ""}`;
  ui.controls(
    slider(ui, "All of", ui.trait("length"), {
      lo: 1,
      hi: exact.length,
      step: 1,
      text: digits,
      kind: "predicted",
    }),
    ui.reset(),
  );

  return width => {
    const length = here();
    const shares = exact[length - 1];
    at = axes(width, {
      x: {
        lo: problems[0] / 1.2,
        hi: problems.at(-1) * 1.3,
        log: true,
        title: "problems seen in training",
        kind: "D",
      },
      y: { lo: 0, hi: 104, title: "per cent", kind: "measured" },
    });
    const line = (ys, kind) =>
      svg("path", {
        class: `sl-curve sl-${kind}`,
        d: path(ys.map((y, i) => [at.x(problems[i]), at.y(100 * y)])),
      });
    const half = halves[length - 1];
    ui.paint(
      at,
      at.grid,
      line(
        loss.map(value => value / blind),
        "measured sl-thin sl-dashed",
      ),
      note(
        [at.x(problems[0]) + 4, at.y(100) + 20],
        at.phone ? "loss" : "loss (a blind guess = 100)",
        "measured",
      ),
      line(product[length - 1], "predicted sl-thin"),
      dots(
        at,
        shares.map((share, i) => [problems[i], 100 * share]),
        { r: at.phone ? 3.5 : 4.5 },
      ),
      drop(at, "x", [half, 50], "predicted"),
      chip(at, "x", half, "D", short(half, 2)),
      note(
        [at.x(problems[0]) + 4, at.y(18)],
        length === 1 ? "the digit right" : `all ${length} digits right`,
        "measured",
      ),
      at.frame,
    );
    put([at.x(half), at.y(50)], {
      value: length,
      lo: 1,
      hi: exact.length,
      text: `${digits(length)}: half right after ${short(half, 2)} problems`,
      cue: ui.atStart() ? 0 : null,
    });
    ui.say(...words(data, length));
  };
}

export default picture({
  name: "sharp",
  label: "Loss and marks of a network that learns to add",
  build,
});
