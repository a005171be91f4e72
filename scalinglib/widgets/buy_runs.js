// The plane of cost and size of a simulated laboratory: buy runs, watch the forecast of the prize sharpen, reveal.
import {
  axes,
  button,
  diamond,
  nats,
  note,
  onTap,
  percent,
  picture,
  scientific,
  select,
  short,
  slider,
  svg,
} from "./ui.js";

// What is known before any run: floor, size term and data term at these places, in nats, and both exponents.
const [N0, D0] = [2e4, 1e6];
const MEAN = [1.1, 0.35, 0.35];
const SPREAD = [0.3, 0.12, 0.12];
const EXPONENTS = Array.from({ length: 16 }, (_, i) => 0.25 + 0.02 * i);

// Inverse and determinant of a symmetric 3 x 3 matrix.
function inverse([[a, b, c], [, d, e], [, , f]]) {
  const [p, q, r] = [d * f - e * e, c * e - b * f, b * e - c * d];
  const det = a * p + b * q + c * r;
  const s = (b * c - a * e) / det;
  const rows = [
    [p / det, q / det, r / det],
    [q / det, (a * f - c * c) / det, s],
    [r / det, s, (a * d - b * b) / det],
  ];
  return { det, rows };
}

const times = (m, v) => m.map(row => row[0] * v[0] + row[1] * v[1] + row[2] * v[2]);
const dot = (u, v) => u[0] * v[0] + u[1] * v[1] + u[2] * v[2];

// The additive form under a prior: for every pair of exponents the rest is linear. Returns cells with their weights.
export function posterior(runs, noise) {
  const cells = EXPONENTS.flatMap(alpha =>
    EXPONENTS.map(beta => {
      const basis = (N, D) => [1, (N / N0) ** -alpha, (D / D0) ** -beta];
      const precision = SPREAD.map((s, i) => SPREAD.map((_, j) => (i === j ? 1 / s ** 2 : 0)));
      const pull = MEAN.map((m, i) => m / SPREAD[i] ** 2);
      let squares = MEAN.reduce((sum, m, i) => sum + (m / SPREAD[i]) ** 2, 0);
      for (const { N, D, loss } of runs) {
        const weight = 1 / (noise * loss) ** 2;
        const x = basis(N, D);
        for (let i = 0; i < 3; i++) {
          pull[i] += weight * x[i] * loss;
          for (let j = 0; j < 3; j++) precision[i][j] += weight * x[i] * x[j];
        }
        squares += weight * loss * loss;
      }
      const { det, rows } = inverse(precision);
      const mean = times(rows, pull);
      return { basis, rows, mean, log: -0.5 * (squares - dot(mean, pull)) - 0.5 * Math.log(det) };
    }),
  );
  const most = Math.max(...cells.map(cell => cell.log));
  const weights = cells.map(cell => Math.exp(cell.log - most));
  const total = weights.reduce((a, b) => a + b);
  return cells.map((cell, i) => ({ ...cell, weight: weights[i] / total }));
}

// Mean loss of a run, and the 90 % interval of a new one: both moments over all cells.
export function forecast(cells, noise, N, D) {
  let [mean, square] = [0, 0];
  for (const { basis, rows, mean: constants, weight } of cells) {
    const x = basis(N, D);
    const here = dot(x, constants);
    mean += weight * here;
    square += weight * (here * here + dot(x, times(rows, x)) + (noise * here) ** 2);
  }
  const half = 1.645 * Math.sqrt(Math.max(square - mean * mean, 0));
  return { mean, low: mean - half, high: mean + half };
}

// The best of a row of sizes by the forecast, its interval, and what the referee says of it.
export function choice(lab, bought, noise) {
  const runs = bought.map(([w, c]) => ({
    N: lab.rungs[c].N[w],
    D: lab.rungs[c].D[w],
    loss: lab.rungs[c].loss[w],
  }));
  const cells = posterior(runs, noise);
  const best = ({ N, D }) => {
    const tries = N.map((n, i) => forecast(cells, noise, n, D[i]));
    const place = tries.reduce((b, t, i) => (t.mean < tries[b].mean ? i : b), 0);
    return { place, ...tries[place] };
  };
  const { place, mean, low, high } = best(lab.prize);
  const measured = lab.prize.loss[place];
  const outside = Math.max(low - measured, 0) + Math.max(measured - high, 0);
  return {
    place,
    mean,
    low,
    high,
    measured,
    regret: lab.prize.expected[place] / Math.min(...lab.prize.expected) - 1,
    score: (high - low + 20 * outside) / measured,
    rungs: lab.rungs.map(rung => best(rung).place),
  };
}

const has = (bought, w, c) => bought.some(([a, b]) => a === w && b === c);
const spent = (lab, bought) => bought.reduce((sum, [, c]) => sum + lab.rungs[c].C, 0);

export function words({ lab, widths, width, cost, bought, revealed, budget, noise }) {
  const { place, mean, low, high, measured, regret, score } = choice(lab, bought, noise);
  const said = [];
  const rung = lab.rungs[cost];
  const left = budget - spent(lab, bought);
  if (!revealed) {
    said.push(
      ["N", `Width ${widths[width]}`],
      " at ",
      ["C", `${scientific(rung.C, 1)} FLOPs`],
      ` (${short(rung.D[width])} tokens)`,
    );
    if (has(bought, width, cost))
      said.push(": ", ["measured", `${nats(rung.loss[width])} nats`], ". ");
    else said.push(rung.C > left * 1.0001 ? ": more than you have left. " : ": for sale. ");
    said.push(
      ["C", left < 1e8 ? "Nothing" : scientific(left, 2)],
      ` of ${scientific(budget, 1)} left, ${bought.length} bought. `,
    );
  }
  said.push(
    bought.length ? "Forecast for " : "Before any run, from the range of such laws, for ",
    ["N", `width ${lab.prize.widths[place]}`],
    ": ",
    ["predicted", `${nats(mean)} nats, 90 % ${nats(low)} to ${nats(high)}`],
    ". ",
  );
  if (!revealed) return said;
  said.push(
    "The run came out at ",
    ["measured", nats(measured)],
    measured < low || measured > high ? ", outside. " : ", inside. ",
  );
  said.push(
    `Regret of the width ${percent(regret)}. Interval score ${percent(score)}; `,
    "of players that you meet below: ",
  );
  said.push(
    Object.entries(lab.scores)
      .map(([name, other]) => `${name} ${percent(other)}`)
      .join(", "),
    ". Lower is better.",
  );
  return said;
}

function build(ui) {
  const [widths, laboratories, budget, noise] = ["widths", "laboratories", "budget", "noise"].map(
    ui.get,
  );
  const lab = () => laboratories[ui.get("laboratory")];
  let at;
  const buy = () => {
    const [w, c, bought] = ["width", "cost", "bought"].map(ui.get);
    const paid = spent(lab(), bought) + lab().rungs[c].C <= budget * 1.0001;
    if (!ui.get("revealed") && paid && !has(bought, w, c)) ui.set({ bought: [...bought, [w, c]] });
  };
  // a tap takes the cursor there; a tap under the cursor buys
  onTap(ui, ([x, y]) => {
    const places = lab().rungs.flatMap(({ C, N }, c) =>
      N.map((n, w) => [Math.hypot(at.x(C) - x, at.y(n) - y), w, c]),
    );
    const [far, w, c] = places.sort((a, b) => a[0] - b[0])[0];
    if (far > 28) return;
    if (w === ui.get("width") && c === ui.get("cost")) buy();
    else ui.set({ width: w, cost: c });
  });
  const own = {
    get: () => String(ui.get("laboratory")),
    set: v => ui.set({ laboratory: Number(v), bought: [], revealed: false }),
  };
  ui.controls(
    slider(ui, "Width", ui.trait("width"), {
      lo: 0,
      hi: widths.length - 1,
      step: 1,
      text: w => String(widths[w]),
      kind: "N",
    }),
    slider(ui, "Cost", ui.trait("cost"), {
      lo: 0,
      hi: laboratories[0].rungs.length - 1,
      step: 1,
      text: c => `${scientific(lab().rungs[c].C, 1)}`,
      kind: "C",
    }),
    button("Buy", buy, "sl-primary"),
    button("Reveal the prize", () => ui.set({ revealed: true })),
    select(
      ui,
      "Laboratory",
      own,
      laboratories.map((_, i) => [String(i), "ABCDEF"[i]]),
    ),
    ui.reset(),
  );

  return room => {
    const [w, c, bought, revealed] = ["width", "cost", "bought", "revealed"].map(ui.get);
    const { rungs, prize } = lab();
    const [N, top] = [rungs[0].N, prize.N.at(-1)];
    at = axes(room, {
      x: {
        lo: 1.6e9,
        hi: 7e12,
        log: true,
        title: "cost C, FLOPs",
        kind: "C",
        text: v => scientific(v, 1).replace("1 × ", ""),
      },
      y: { lo: N[0] / 1.6, hi: top * 1.3, log: true, title: "parameters N", kind: "N" },
      ratio: 0.8,
    });
    const { place, low, high, mean, measured, rungs: bests } = choice(lab(), bought, noise);
    const left = budget - spent(lab(), bought);
    const ring = (x, y, r, kind) => svg("circle", { class: kind, cx: at.x(x), cy: at.y(y), r });
    const px = at.x(prize.C);
    const py = at.y(prize.N[place]);
    ui.paint(
      at,
      at.grid,
      svg("path", { class: "sl-column", d: `M${px} ${at.top}V${at.bottom}` }),
      note([px, at.top - 10], "the prize", "predicted", "middle"),
      ...rungs.flatMap((rung, j) =>
        rung.N.map((n, i) =>
          has(bought, i, j)
            ? svg(
                "g",
                {},
                ring(rung.C, n, 7, "sl-bought"),
                at.phone && j !== c
                  ? null
                  : note([at.x(rung.C) + 10, at.y(n) + 4], rung.loss[i].toFixed(2), "measured"),
              )
            : ring(
                rung.C,
                n,
                4,
                rung.C > left * 1.0001 || revealed ? "sl-offer sl-dear" : "sl-offer",
              ),
        ),
      ),
      ...(bought.length
        ? rungs.map((rung, j) =>
            svg("path", {
              class: "sl-best",
              d: `M${at.x(rung.C) - 16} ${at.y(rung.N[bests[j]])}h7`,
            }),
          )
        : []),
      revealed ? null : ring(rungs[c].C, N[w], 12, "sl-cursor"),
      bought.length || revealed ? diamond([px, py]) : null,
      bought.length || revealed
        ? note(
            [px - 12, py - 12],
            `${mean.toFixed(2)} ± ${((high - low) / 2).toFixed(2)}`,
            "predicted",
            "end",
          )
        : null,
      revealed ? note([px - 12, py + 20], measured.toFixed(2), "measured", "end") : null,
      at.frame,
    );
    ui.say(...words({ lab: lab(), widths, width: w, cost: c, bought, revealed, budget, noise }));
  };
}

export default picture({
  name: "buy-runs",
  label: "Runs for sale in a simulated laboratory, by cost and size",
  build,
});
