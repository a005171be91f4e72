// Which lever binds: a run on Kaplan's plane of size and data, and what doubling each lever would take off its loss.

import { kaplanLoss } from "./law.js";
import {
  axes,
  button,
  chip,
  curve,
  drop,
  handle,
  knob,
  nats,
  note,
  onTap,
  path,
  picture,
  short,
  svg,
} from "./ui.js";

const TESTED = { N: [768, 1.5e9], D: [22e6, 23e9] }; // the range of the published runs
const GAINS_ALIKE = 0.05; // as a share of the larger gain

// Nats taken off by twice the parameters, and by twice the tokens.
export function gains(law, N, D) {
  const now = kaplanLoss(law, N, D);
  return [now - kaplanLoss(law, 2 * N, D), now - kaplanLoss(law, N, 2 * D)];
}

// Tokens at which both doublings take off the same: D_c/D = 2 u (1 - 2^-p) with u = (N_c/N)^p, p = alpha_N/alpha_D.
export function evenData({ N_c, D_c, alpha_N, alpha_D }, N) {
  const p = alpha_N / alpha_D;
  return D_c / (2 * (N_c / N) ** p * (1 - 2 ** -p));
}

// Points [N, D] of equal loss, from endless data to endless size; a share of the two terms is the size's.
function kaplanContour({ N_c, D_c, alpha_N, alpha_D }, level, points = 90) {
  const both = level ** (1 / alpha_D);
  return Array.from({ length: points + 1 }, (_, i) => {
    const share = 1 / (1 + Math.exp(16 - (32 * i) / points));
    return [N_c / ((1 - share) * both) ** (alpha_D / alpha_N), D_c / (share * both)];
  });
}

function contours(law, at) {
  const nodes = [];
  for (let level = 1.5; level < 8; level += level < 3 ? 0.25 : 1) {
    const points = kaplanContour(law, level).map(([N, D]) => [at.x(N), at.y(D)]);
    nodes.push(
      svg("path", {
        class: "sl-curve sl-thin sl-predicted sl-contour",
        d: path(points),
        "clip-path": at.clip,
      }),
    );
    const D =
      law.D_c / (level ** (1 / law.alpha_D) - (law.N_c / at.x.hi) ** (law.alpha_N / law.alpha_D)); // at the right edge
    if (D > at.y.lo && D < at.y.hi)
      nodes.push(note([at.right + 5, at.y(D) + 4], level.toFixed(2), "predicted"));
  }
  return nodes;
}

function tested(at) {
  const left = at.x(at.x.clamp(TESTED.N[0]));
  const right = at.x(TESTED.N[1]);
  const top = at.y(TESTED.D[1]);
  const bottom = at.y(TESTED.D[0]);
  return [
    svg("rect", { class: "sl-tested", x: left, y: top, width: right - left, height: bottom - top }),
    note([left + 8, top + 17], at.phone ? "their runs" : "Kaplan's runs were here", "measured"),
  ];
}

const build = ui => {
  const law = ui.get("law");
  const [nLo, nHi, dLo, dHi] = ui.get("extent");
  let at;
  const place = (N, D) => ui.set({ run: [at.x.clamp(N), at.y.clamp(D)], revealed: true });
  const put = handle(ui, {
    label: "The run: model size and data",
    parts: knob("measured"),
    move: (x, y) => place(at.x.invert(x), at.y.invert(y)),
    step: () => at.x.rate * Math.log10(2),
  });
  onTap(ui, ([x, y]) => {
    if (x > at.left && x < at.right && y > at.top && y < at.bottom)
      place(at.x.invert(x), at.y.invert(y));
  });
  const double = (n, d) => () => place(ui.get("run")[0] * n, ui.get("run")[1] * d);
  ui.controls(
    button("Double the parameters", double(2, 1)),
    button("Double the tokens", double(1, 2)),
    ui.reset(),
  );

  const before = ui.get("start").run;
  const [forN, forD] = gains(law, ...before);
  // what the first press took off, and what the other button would have
  function aftermath([N, D], value) {
    const near = (a, b) => Math.abs(a / b - 1) < 1e-6;
    const doubled = (n, d) => near(N, n * before[0]) && near(D, d * before[1]);
    const compare = (did, got, other, instead) => [
      `Doubling the ${did} took off ${nats(got)}; the ${other} would have taken off ${nats(instead)}. `,
    ];
    if (doubled(2, 1)) return compare("parameters", forN, "tokens", forD);
    if (doubled(1, 2)) return compare("tokens", forD, "parameters", forN);
    const saved = kaplanLoss(law, ...before) - value;
    return Math.abs(saved) < 5e-4
      ? []
      : [`${nats(Math.abs(saved))} ${saved > 0 ? "below" : "above"} the start. `];
  }
  function story([N, D], value) {
    const [byN, byD] = gains(law, N, D);
    const who = [
      ["N", `${short(N)} parameters`],
      " on ",
      ["D", `${short(D)} tokens`],
      ": ",
      ["predicted", `${nats(value)} nats`],
      ". ",
    ];
    if (!ui.get("revealed"))
      return [...who, "Guess, then press one of the buttons; or drag the run."];
    const verdict =
      Math.abs(byN - byD) < GAINS_ALIKE * Math.max(byN, byD)
        ? "Neither binds: both doublings pay the same."
        : byN > byD
          ? "Size binds: the model is too small for its data."
          : "Data bind: the tokens are too few for the model.";
    const moved = aftermath([N, D], value);
    return [
      ...who,
      ...moved,
      "From here ",
      ["N", "twice the parameters"],
      ` would take off ${nats(byN)}, `,
      ["D", "twice the tokens"],
      ` ${nats(byD)}. ${verdict}`,
    ];
  }

  return width => {
    const [N, D] = ui.get("run");
    at = axes(width, {
      x: { lo: nLo, hi: nHi, log: true, title: "non-embedding parameters N", kind: "N" },
      y: { lo: dLo, hi: dHi, log: true, title: "tokens D", kind: "D" },
      margin: 42,
    });
    const even = ui.get("revealed")
      ? [
          curve(at, n => evenData(law, n), "measured sl-dashed"),
          note(
            [at.x(3e10), at.y(evenData(law, 3e10)) - 26],
            at.phone ? "even" : "both pay the same",
            "measured",
            "end",
          ),
        ]
      : [];
    ui.paint(
      at,
      at.grid,
      ...tested(at),
      ...contours(law, at),
      note([at.right + 34, 16], "loss, nats", "predicted", "end"),
      ...even,
      drop(at, "x", [N, D], "N"),
      drop(at, "y", [N, D], "D"),
      chip(at, "x", N, "N", short(N)),
      chip(at, "y", D, "D", short(D)),
      at.frame,
    );
    const value = kaplanLoss(law, N, D);
    put([at.x(N), at.y(D)], {
      value: Math.log10(N).toFixed(2),
      lo: Math.log10(nLo).toFixed(2),
      hi: Math.log10(nHi).toFixed(2),
      text: `${short(N)} parameters on ${short(D)} tokens, ${nats(value)} nats`,
    });
    ui.say(...story([N, D], value));
  };
};

export default picture({ name: "levers", label: "Plane of model size and training data", build });
