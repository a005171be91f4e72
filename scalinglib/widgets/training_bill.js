// From FLOPs to GPU-hours, money and energy: one row a run, its reported hours, and what the assumptions say.
import {
  clamp,
  fold,
  handle,
  logScale,
  logTicks,
  note,
  percent,
  picture,
  row,
  scientific,
  select,
  short,
  slider,
  svg,
} from "./ui.js";

const UTILISATION = { lo: 0.05, hi: 1 };

// planning.gpu_hours, price and energy_kwh
export function bill({ C, peak, watts }, utilisation, perHour, pue) {
  const hours = C / (peak * utilisation * 3600);
  return { hours, money: hours * perHour, kwh: (hours * watts * pue) / 1000 };
}

// the share of its peak that a run reached in the hours that were reported
export const reached = ({ C, peak, hours }) => C / (peak * hours * 3600);

const energy = kwh =>
  kwh >= 1e6
    ? `${short(kwh / 1e6)} GWh`
    : kwh >= 1e3
      ? `${short(kwh / 1e3)} MWh`
      : `${short(kwh)} kWh`;

function span(hours) {
  if (hours < 48) return `${short(hours)} hours`;
  return hours < 2 * 8766 ? `${short(hours / 24)} days` : `${short(hours / 8766)} years`;
}

const build = ui => {
  const own = ui.get("rows").length - 1;
  const list = () =>
    ui.get("rows").map((run, i) => (i === own ? { ...run, C: ui.get("compute") } : run));
  const pick = () => list()[ui.get("chosen")];
  let scale;
  const put = handle(ui, {
    label: "Utilisation",
    axis: "x",
    parts: [
      svg("path", { class: "sl-cue sl-predicted", d: "M-21 -5l-6 5l6 5M21 -5l6 5l-6 5" }),
      svg("circle", { class: "sl-hit", r: 22 }),
      svg("circle", { class: "sl-ring sl-predicted", r: 13 }),
    ],
    move: x =>
      ui.set({
        utilisation: clamp(
          bill(pick(), 1, 0, 1).hours / scale.invert(x),
          UTILISATION.lo,
          UTILISATION.hi,
        ),
      }),
  });
  const choice = {
    get: () => String(ui.get("chosen")),
    set: value => ui.set({ chosen: Number(value) }),
  };
  const logCompute = {
    get: () => Math.log10(ui.get("compute")),
    set: value => ui.set({ compute: 10 ** value, chosen: own }),
  };
  const names = ui.get("rows").map((run, i) => [String(i), run.name]);
  ui.controls(
    slider(ui, "Utilisation", ui.trait("utilisation"), {
      ...UTILISATION,
      step: 0.01,
      text: percent,
      kind: "predicted",
    }),
    slider(ui, "Price of a GPU-hour", ui.trait("per_hour"), {
      lo: 0.5,
      hi: 10,
      step: 0.1,
      text: v => `$${v.toFixed(2)}`,
    }),
    row(select(ui, "Bill for", choice, names), ui.reset()),
    fold(
      "More: building, your own run",
      slider(ui, "Building's draw over machines' (PUE)", ui.trait("pue"), {
        lo: 1,
        hi: 2,
        step: 0.05,
        text: v => v.toFixed(2),
      }),
      slider(ui, "Your own run, FLOPs", logCompute, {
        lo: 15,
        hi: 27,
        step: 0.1,
        text: v => scientific(10 ** v),
        kind: "C",
      }),
    ),
  );

  function story(run) {
    const share = ui.get("utilisation");
    const due = bill(run, share, ui.get("per_hour"), ui.get("pue"));
    const parts = [
      `${run.name}, `,
      ["C", `${scientific(run.C)} FLOPs`],
      `, at ${percent(share)} of the peak: `,
      ["predicted", `${short(due.hours)} GPU-hours`],
      ", ",
      ["predicted", `$${short(due.money)}`],
      ", ",
      ["predicted", energy(due.kwh)],
      `; ${span(due.hours)} on one chip, ${span(due.hours / 1024)} on 1,024. `,
    ];
    if (!run.hours) return parts;
    const verdict = ui.atStart()
      ? ", more than that."
      : `, which is ${percent(reached(run))} of the peak.`;
    return [...parts, ["measured", `Reported: ${short(run.hours)} GPU-hours`], verdict];
  }

  return width => {
    const [share, chosen] = [ui.get("utilisation"), ui.get("chosen")];
    const shown = list().filter((_run, i) => i !== own || chosen === own);
    const due = shown.map(run => bill(run, share, 1, 1).hours);
    const edges = [...due, ...shown.map(run => run.hours || Infinity)];
    const lo = chosen === own ? 10 ** Math.min(4, Math.floor(Math.log10(Math.min(...edges)))) : 3e4;
    const hi = chosen === own ? 10 ** Math.max(9, Math.ceil(Math.log10(Math.max(...due)))) : 6e8;
    const [left, right, top, step] = [14, width - 14, 30, 42];
    const bottom = top + step * shown.length + 6;
    scale = logScale(lo, hi, left, right);
    const ticks = logTicks(lo, hi, Math.floor((right - left) / 55));
    const nodes = [
      svg("path", {
        class: "sl-grid",
        d: ticks.map(v => `M${scale(v)} ${top - 6}V${bottom}`).join(""),
      }),
      ...ticks.map(v =>
        svg(
          "text",
          { x: scale(v), y: bottom + 16, "text-anchor": "middle" },
          v < 1 ? String(v) : short(v),
        ),
      ),
      svg(
        "text",
        {
          class: "sl-title sl-measured",
          x: (left + right) / 2,
          y: bottom + 38,
          "text-anchor": "middle",
        },
        "GPU-hours",
      ),
      note([left, 16], "● reported", "measured"),
      note([left + 96, 16], "◆ 6ND at this utilisation", "predicted"),
    ];
    shown.forEach((run, i) => {
      const y = top + step * i + 28;
      const [x, full] = [scale(due[i]), scale(bill(run, 1, 1, 1).hours)];
      const mine = run.name === pick().name;
      const words = svg(
        "text",
        { class: mine ? "sl-name sl-mine" : "sl-name", x: left, y: y - 13 },
        run.name,
      );
      const rail = svg("path", {
        class: "sl-rail",
        d: `M${full} ${y}H${scale(bill(run, UTILISATION.lo, 1, 1).hours)}M${full} ${y - 5}v10`,
      });
      nodes.push(words, rail);
      nodes.push(
        svg("path", {
          class: "sl-diamond sl-predicted",
          d: `M${x} ${y - 7}L${x + 7} ${y}L${x} ${y + 7}L${x - 7} ${y}Z`,
        }),
      );
      if (run.hours)
        nodes.push(svg("circle", { class: "sl-dot", cx: scale(run.hours), cy: y, r: 4.5 }));
      if (mine)
        put([x, y], {
          value: share.toFixed(3),
          lo: UTILISATION.lo,
          hi: UTILISATION.hi,
          text: `${percent(share)}, ${short(due[i])} GPU-hours`,
          cue: ui.atStart() ? 0 : null,
        });
    });
    ui.paint({ width, height: bottom + 46 }, ...nodes);
    ui.say(...story(pick()));
  };
};

export default picture({
  name: "bill",
  label: "GPU-hours of training runs, reported and computed",
  build,
});
