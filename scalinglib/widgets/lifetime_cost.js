// The bill of one quality against model size: training, answering, and both; the reader moves the served tokens.

import { cheapest, dataFor, loss } from "./law.js";
import {
  axes,
  chip,
  curve,
  diamond,
  drop,
  note,
  percent,
  picture,
  scientific,
  short,
  slider,
  svg,
} from "./ui.js";

// What the sentence needs: the cheapest model, the model that is cheapest to train, and their bills.
export function bills(law, size, served) {
  const target = loss(law, size, bestData(law, size));
  const best = cheapest(law, target, served);
  const first = cheapest(law, target, 0);
  const was = first.training + 2 * first.N * served;
  const is = best.training + best.serving;
  return {
    target,
    best,
    first,
    was,
    is,
    saved: 1 - is / was,
    more: best.training / first.training - 1,
  };
}

// Tokens at which `size` is compute-optimal: alpha A / N^alpha = beta B / D^beta.
export const bestData = ({ A, B, alpha, beta }, N) =>
  ((beta * B) / (alpha * A)) ** (1 / beta) * N ** (alpha / beta);

function words({ best, first, was, is, saved, more }, served) {
  const model = [
    ["N", `${short(best.N)} parameters`],
    " on ",
    ["D", `${short(best.D)} tokens`],
    ` (${short(best.D / best.N)} each)`,
  ];
  const used = [
    `For ${short(served)} served tokens the cheapest model of this quality has `,
    ...model,
  ];
  if (saved < 0.01)
    return [
      ...used,
      `: next to training, answering costs ${percent((2 * first.N * served) / first.training)}. Use it more.`,
    ];
  return [
    ...used,
    `. Its training costs ${percent(more)} more than that of the ${short(first.N)} model, its whole life `,
    ["C", `${percent(saved)} less`],
    `: ${scientific(is)} in place of ${scientific(was)} FLOPs.`,
  ];
}

function build(ui) {
  const [law, size] = ["law", "size"].map(ui.get);
  const [lo, hi] = ui.get("log_tokens_range");
  const text = log => short(10 ** log, 2);
  ui.controls(
    slider(ui, "Served tokens", ui.trait("log_tokens"), { lo, hi, step: 0.1, text, kind: "C" }),
    ui.reset(),
  );
  const { first, target } = bills(law, size, 0);

  return width => {
    const served = 10 ** ui.get("log_tokens");
    const found = bills(law, size, served);
    const { best, is } = found;
    const training = N => 6 * N * dataFor(law, N, target);
    const serving = N => 2 * N * served;
    const at = axes(width, {
      x: {
        lo: first.N / 8,
        hi: first.N * 2.5,
        log: true,
        title: "model size N, all parameters",
        kind: "N",
      },
      y: {
        lo: first.training / 30,
        hi: first.training * 300,
        log: true,
        title: "compute at equal loss, FLOPs",
        kind: "C",
        text: v => scientific(v, 1).slice(4),
      },
      margin: 18,
    });
    const label = (f, N, word, up) => {
      const y = at.y(f(N)) + up;
      return y > at.top + 12 && y < at.bottom - 4 ? note([at.x(N), y], word, "C", "middle") : null;
    };
    ui.paint(
      at,
      at.grid,
      curve(at, training, "C sl-thin"),
      curve(at, serving, "C sl-thin sl-dashed"),
      curve(at, N => training(N) + serving(N), "predicted"),
      label(training, first.N * 1.55, "training", 20),
      label(serving, first.N * 0.95, "answering", served > 3e12 ? 20 : -8),
      drop(at, "x", [best.N, is], "N"),
      svg("path", { class: "sl-first", d: `M${at.x(first.N)} ${at.bottom}v-12` }),
      diamond([at.x(best.N), at.y(is)]),
      note(
        [at.x(best.N), Math.max(at.top + 16, at.y(is) - 14)],
        "whole life",
        "predicted",
        "middle",
      ),
      at.frame,
      chip(at, "x", best.N, "N", short(best.N)),
    );
    ui.say(...words(found, served));
  };
}
export default picture({
  name: "lifetime",
  label: "Compute for training and for answering against model size",
  build,
});
