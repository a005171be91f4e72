// A spectrum to bend, and what a learner of N directions misses: change the data and the curve tilts, change the learner and it moves.
import { axes, clamp, curve, handle, knob, note, picture, short, slider, svg } from "./ui.js";

const RANKS = [1, 1e5];
const PLACES = [10, 300, 1e4]; // sizes at which the local exponent is written beside the curve
const SLOPES = [1.02, 2.5]; // of the spectrum, on either side of the knee

// scalinglib.laws.SpectrumLaw: what the direction of a rank carries, what is missed at size N, and its local exponent.
export const carried = ({ decay, knee, beyond }, rank) =>
  Math.min(rank, knee) ** -decay * Math.max(rank / knee, 1) ** -beyond;
export function missed(law, N) {
  const known = law.efficiency * N;
  const start = Math.max(known, law.knee);
  const slope = law.decay - 1;
  const after = (start * carried(law, start)) / (law.beyond - 1);
  const toKnee = Math.log(Math.max(law.knee / known, 1));
  return after + known ** -slope * (slope === 0 ? toKnee : -Math.expm1(-slope * toKnee) / slope);
}
export function localExponent(law, N) {
  const known = law.efficiency * N;
  return (known * carried(law, known)) / missed(law, N);
}

// A point of the drawing -> the slope of the line to it from a point above and to the left.
const slopeTo = ([x0, y0], [x, y]) => Math.log(y0 / y) / Math.log(x / x0);
const hundredths = value => Math.round(100 * clamp(value, ...SLOPES)) / 100;

export function words(law, before) {
  const [low, middle, high] = PLACES.map(N => localExponent(law, N).toFixed(2));
  const off = N => `${Math.round(100 * (1 - missed(law, 2 * N) / missed(law, N)))} %`;
  const tilted = law.decay !== before.decay || law.beyond !== before.beyond;
  const straight = low === middle && middle === high;
  const now = straight
    ? [
        "The learning curve falls with ",
        ["predicted", `exponent ${low}`],
        ", everywhere: a doubling of ",
        ["N", "N"],
        ` takes off ${off(PLACES[0])}, at 10 and at 10,000 alike. `,
      ]
    : [
        "The exponent is ",
        ["predicted", low],
        " at N = 10, ",
        ["predicted", middle],
        " at 300, ",
        ["predicted", high],
        ` at 10,000: a doubling of N takes off ${PLACES.map(off).join(", ")}. `,
      ];
  const ratio =
    missed({ ...before, efficiency: law.efficiency }, PLACES[1]) / missed(before, PLACES[1]);
  if (!tilted && law.efficiency === 1) return [...now, "Change the data or the learner."];
  if (!tilted)
    return [
      ...now,
      `The better learner misses ${Math.round(100 * (1 - ratio))} % less at every size: the curve moved, its slope did not.`,
    ];
  const alone = (law.decay - 1).toFixed(2);
  const felt =
    Math.abs(low - alone) < 0.03
      ? ": at N = 10 the knee is hardly felt yet"
      : ", so the knee is felt already at N = 10";
  if (!straight) return [...now, `The spectrum before its knee would give ${alone}${felt}.`];
  return [...now, "Another spectrum, another exponent: it is the spectrum's slope less one."];
}

function build(ui) {
  let at;
  const before = ui.get("start");
  const kneeHeight = () => ui.get("knee") ** -ui.get("decay");
  const pullKnee = handle(ui, {
    label: "Knee of the spectrum: place, and slope before it",
    parts: knob("D"),
    move: (x, y) => {
      const knee = clamp(at.x.invert(x), 10, 3e3);
      ui.set({ knee, decay: hundredths(slopeTo([1, 1], [knee, at.y.invert(y)])) });
    },
    step: () => 6,
  });
  const pullEnd = handle(ui, {
    label: "End of the spectrum: slope beyond the knee",
    parts: knob("D"),
    axis: "y",
    move: (_, y) =>
      ui.set({
        beyond: hundredths(slopeTo([ui.get("knee"), kneeHeight()], [RANKS[1] / 3, at.y.invert(y)])),
      }),
    step: () => 6,
  });
  const efficiency = {
    get: () => Math.log10(ui.get("efficiency")),
    set: v => ui.set({ efficiency: 10 ** v }),
  };
  ui.controls(
    slider(ui, "Learner", efficiency, {
      lo: 0,
      hi: 1,
      step: 0.05,
      text: v => `${(10 ** v).toFixed(1)} times as good`,
      kind: "N",
    }),
    ui.reset(),
  );

  return width => {
    const law = {
      decay: ui.get("decay"),
      knee: ui.get("knee"),
      beyond: ui.get("beyond"),
      efficiency: ui.get("efficiency"),
    };
    at = axes(width, {
      x: {
        lo: RANKS[0],
        hi: RANKS[1],
        log: true,
        title: "rank of a direction, or size N",
        kind: "N",
      },
      y: {
        lo: 1e-8,
        hi: 100,
        log: true,
        title: "variance carried, variance missed",
        kind: "measured",
        text: v => (v >= 0.01 && v < 1000 ? String(v) : `1e${Math.round(Math.log10(v))}`),
      },
      ratio: 0.75,
    });
    const end = RANKS[1] / 3;
    const corner = [at.x(law.knee), at.y(carried(law, law.knee))];
    const tail = [at.x(end), clamp(at.y(carried(law, end)), at.top, at.bottom - 6)];
    const moved = !ui.atStart();
    ui.paint(
      at,
      at.grid,
      curve(at, rank => carried(law, rank), "D"),
      moved ? curve(at, N => missed(before, N), "predicted sl-dashed sl-thin") : null,
      curve(at, N => missed(law, N), "predicted"),
      ...PLACES.map(N =>
        svg("circle", { class: "sl-place", cx: at.x(N), cy: at.y(missed(law, N)), r: 3.5 }),
      ),
      // on the side of the dot away from the curve at the start
      ...PLACES.map(N =>
        note(
          [at.x(N), at.y(missed(law, N)) + (missed(law, N) < 0.99 * missed(before, N) ? 22 : -12)],
          localExponent(law, N).toFixed(2),
          "predicted",
          "middle",
        ),
      ),
      moved
        ? note(
            [
              at.right - 6,
              at.y(missed(before, RANKS[1])) +
                (missed(law, RANKS[1]) > missed(before, RANKS[1]) ? 18 : -10),
            ],
            "at the start",
            "predicted",
            "end",
          )
        : null,
      note([at.left + 10, at.bottom - 14], "the data: their spectrum", "D"),
      note([at.right - 6, at.top + 18], "missed by a learner of size N", "predicted", "end"),
      at.frame,
    );
    pullKnee(corner, {
      value: law.decay,
      lo: SLOPES[0],
      hi: SLOPES[1],
      text: `at rank ${short(law.knee, 2)}, slope ${law.decay.toFixed(2)} before it`,
      cue: moved ? null : 90,
    });
    pullEnd(tail, {
      value: law.beyond,
      lo: SLOPES[0],
      hi: SLOPES[1],
      text: `slope ${law.beyond.toFixed(2)} beyond the knee`,
      cue: moved ? null : 90,
    });
    ui.say(...words(law, before));
  };
}

export default picture({
  name: "spectrum-tail",
  label: "Spectrum of the data and learning curve, on log-log paper",
  build,
});
