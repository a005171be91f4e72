// The price of a wrong size under two laws: extra compute for the loss of the best run, against size over the best size.

import { optimum, priceOfSize } from "./law.js";
import {
  axes,
  chip,
  curve,
  drop,
  handle,
  knob,
  note,
  onTap,
  path,
  percent,
  picture,
  scientific,
  short,
  slider,
  svg,
} from "./ui.js";

const TOP = 2; // +200 %
const HERE = 0.005; // nearer to 1 than this is the best size

export const more = price =>
  price < 10 ? `+${percent(price)}` : `${short(1 + price, 2)} times the compute`;

// What the sentence says of a size: `laws` are [name, constants] pairs, the first names the sizes in parameters.
export function words(laws, ratio, C, fresh) {
  const best = optimum(laws[0][1], C);
  const at = ` at ${scientific(C)} FLOPs`;
  const sizes = [["N", short(best.N, 2)], " on ", ["D", `${short(best.D, 2)} tokens`]];
  if (Math.abs(ratio - 1) < HERE)
    return [
      `The best size${at} is `,
      ...sizes,
      `: nothing to pay. `,
      fresh ? "Drag the size to both sides." : "Drag the size.",
    ];
  const size = [
    ["N", `${short(ratio, 2)} times the best size`],
    ", ",
    ["N", short(ratio * best.N, 2)],
    " in place of ",
    ["N", short(best.N, 2)],
    at,
    ": ",
  ];
  const prices = laws.map(([, law]) => priceOfSize(law, ratio));
  if (prices[0] === Infinity) {
    const other = prices[1] === Infinity ? "" : `; by ${laws[1][0]} it costs ${more(prices[1])}`;
    return [
      ...size,
      ["C", "out of reach"],
      ` by ${laws[0][0]}: its floor lies above that loss, on any amount of data${other}.`,
    ];
  }
  const fed = (1 + prices[0]) / ratio;
  const second = prices[1] === Infinity ? "out of reach" : more(prices[1]);
  const data = ` It reads ${short(fed, 2)} times the tokens.`;
  return [
    ...size,
    "the same loss costs ",
    ["C", more(prices[0])],
    ` by ${laws[0][0]}, `,
    ["C", second],
    ` by ${laws[1][0]}.`,
    data,
  ];
}

function build(ui) {
  const laws = ui.get("laws");
  const [lo, hi] = ui.get("extent");
  let at;
  const put = handle(ui, {
    label: "Size of the model over the best size",
    parts: knob("N"),
    axis: "x",
    step: () => at.x.rate * Math.log10(1.1),
    move: x => ui.set({ ratio: at.x.clamp(at.x.invert(x)) }),
  });
  onTap(ui, ([x, y]) => {
    if (x > at.left && x < at.right && y > at.top && y < at.bottom)
      ui.set({ ratio: at.x.invert(x) });
  });
  const flops = log => `${scientific(10 ** log)} FLOPs`;
  ui.controls(
    slider(ui, "Budget", ui.trait("log_compute"), {
      lo: 20,
      hi: 26,
      step: 0.01,
      text: flops,
      kind: "C",
    }),
    ui.reset(),
  );
  return width => {
    const [ratio, C] = [ui.get("ratio"), 10 ** ui.get("log_compute")];
    at = axes(width, {
      x: {
        lo,
        hi,
        log: true,
        title: "size over the best size",
        kind: "N",
        text: v => `${short(v)}×`,
      },
      y: {
        lo: 0,
        hi: TOP,
        title: "extra compute for the same loss",
        kind: "C",
        text: v => `${Math.round(100 * v)} %`,
      },
    });
    const height = (law, k) => Math.min(priceOfSize(law, k), 1e6);
    const price = priceOfSize(laws[0][1], ratio);
    const point = [ratio, Math.min(price, TOP)];
    ui.paint(
      at,
      at.grid,
      svg("path", {
        class: "sl-curve sl-thin sl-C sl-twice",
        d: path([
          [at.left, at.y(1)],
          [at.right, at.y(1)],
        ]),
      }),
      note([at.right - 6, at.y(1) - 6], "twice the compute", "C", "end"),
      curve(at, k => height(laws[1][1], k), "predicted sl-dashed"),
      curve(at, k => height(laws[0][1], k), "predicted"),
      note(
        [at.x(1), at.top + 36],
        at.phone ? `solid: ${laws[0][0]}` : `solid: ${laws[0][0]}, dashed: ${laws[1][0]}`,
        "predicted",
        "middle",
      ),
      at.phone
        ? note([at.x(1), at.top + 54], `dashed: ${laws[1][0]}`, "predicted", "middle")
        : null,
      price > TOP
        ? note(
            [at.x(ratio) + 20, at.top + (at.phone ? 78 : 62)],
            price === Infinity ? "out of reach" : more(price),
            "C",
          )
        : null,
      drop(at, "x", point, "N"),
      price <= TOP && price > 0.05 ? chip(at, "y", price, "C", percent(price)) : null,
      chip(at, "x", ratio, "N", `${short(ratio, 2)}×`),
      at.frame,
    );
    put([at.x(ratio), at.y(point[1])], {
      value: Math.log10(ratio).toFixed(2),
      lo: Math.log10(lo).toFixed(2),
      hi: Math.log10(hi).toFixed(2),
      text: `${short(ratio, 2)} times the best size, ${price === Infinity ? "out of reach" : more(price)}`,
      cue: ui.atStart() ? 0 : null,
    });
    ui.say(...words(laws, ratio, C, ui.atStart()));
  };
}

export default picture({ name: "wrong", label: "Price of a wrong size", build });
