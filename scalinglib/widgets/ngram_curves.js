// Loss against data for n-gram models of every order; what lies beyond the largest D that the reader has tried is covered.
import {
  axes,
  button,
  chip,
  clamp,
  dots,
  handle,
  knob,
  nats,
  note,
  onTap,
  path,
  picture,
  select,
  short,
  svg,
} from "./ui.js";

const GAP = 14; // pixels between two labels

// The order with the lowest loss at the size in `place`.
export function bestOrder(losses, place) {
  const here = losses.map(curve => curve[place]);
  return here.indexOf(Math.min(...here));
}

// Vertical places near `wanted` (rising) that are `gap` pixels apart, none beyond `end`: neighbours push each other evenly.
export function apart(wanted, gap, end) {
  const places = [...wanted];
  for (let round = 0; round < 200; round++) {
    for (let i = 1; i < places.length; i++) {
      const push = Math.max(0, gap - (places[i] - places[i - 1])) / 2;
      places[i - 1] -= push;
      places[i] += push;
    }
    for (let i = places.length - 1, limit = end; i >= 0; i--, limit -= gap)
      places[i] = Math.min(places[i], limit);
  }
  return places;
}

export function words({ sizes, losses, counts, place, reached, guess }) {
  const last = sizes.length - 1;
  const best = bestOrder(losses, place);
  const loss = losses[best][place];
  const longest = losses.length - 1;
  const found = [
    "At ",
    ["D", `D = ${short(sizes[place])} characters`],
    " the best order is ",
    ["N", `${best}`],
    ", with ",
    ["N", `N = ${short(counts[best][place])} counts`],
    ": ",
    ["measured", `${nats(loss)} nats`],
    ` a character. Order ${longest} is ${nats(losses[longest][place] - loss)} nats worse. `,
  ];
  const guessed = guess === "" ? [] : [`You guessed order ${guess} for ${short(sizes[last])}. `];
  if (reached < last)
    return [
      ...found,
      ...guessed,
      guess === "" ? "Guess, then drag D to the right." : "Drag D to the right.",
    ];
  const end = bestOrder(losses, last);
  const verdict =
    guess === "" ? [] : [Number(guess) === end ? "And so it is. " : `It is order ${end}. `];
  if (place === 0) return [...found, ...guessed, ...verdict];
  const gain = losses[bestOrder(losses, place - 1)][place - 1] - loss;
  return [
    ...found,
    "The doubling before brought ",
    ["measured", `${nats(gain)}`],
    ". ",
    ...guessed,
    ...verdict,
  ];
}

function build(ui) {
  const [sizes, losses, counts] = ["sizes", "losses", "counts"].map(ui.get);
  const last = sizes.length - 1;
  let at;
  const nearest = x =>
    clamp(
      Math.round(((x - at.x(sizes[0])) / (at.x(sizes[last]) - at.x(sizes[0]))) * last),
      0,
      last,
    );
  const go = place => ui.set({ place, reached: Math.max(place, ui.get("reached")) });
  const put = handle(ui, {
    label: "Training data D, characters",
    parts: knob("D"),
    axis: "x",
    step: () => at.x(sizes[1]) - at.x(sizes[0]),
    move: x => go(nearest(x)),
  });
  onTap(ui, ([x]) => go(nearest(x)));
  const orders = losses.map((_, order) => [String(order), `order ${order}`]);
  ui.controls(
    select(ui, `Your guess for ${short(sizes[last])}`, ui.trait("guess"), [
      ["", "choose"],
      ...orders,
    ]),
    button("Next doubling", () => go(Math.min(last, ui.get("place") + 1))),
    ui.reset(),
  );

  return width => {
    const [place, reached, guess] = ["place", "reached", "guess"].map(ui.get);
    at = axes(width, {
      x: {
        lo: sizes[0] / 1.25,
        hi: sizes[last] * 1.25,
        log: true,
        title: "training data D, characters",
        kind: "D",
      },
      y: { lo: 1.2, hi: 3.7, title: "held-out loss, nats a character", kind: "measured" },
      ratio: 0.7,
      head: 46,
      margin: 62,
    });
    const best = bestOrder(losses, place);
    const point = (order, i) => [at.x(sizes[i]), at.y(losses[order][i])];
    const seen = sizes.slice(0, reached + 1).map((_, i) => i);
    const lines = losses.map((_, order) =>
      svg("path", {
        class: `sl-curve sl-thin${order === best ? " sl-N sl-best" : ""}`,
        d: path(seen.map(i => point(order, i))),
      }),
    );
    const envelope = path(seen.map(i => point(bestOrder(losses, i), i)));
    // labels stand at the end of what is uncovered, lowest loss at the bottom
    const ranked = losses
      .map((_, order) => order)
      .sort((a, b) => losses[b][reached] - losses[a][reached]);
    const heights = apart(
      ranked.map(order => at.y(losses[order][reached]) + 4),
      GAP,
      at.bottom - 4,
    );
    const x = at.x(sizes[place]);
    ui.paint(
      at,
      at.grid,
      reached < last
        ? svg("rect", {
            class: "sl-cover",
            x: at.x(sizes[reached]),
            y: at.top,
            width: at.right - at.x(sizes[reached]),
            height: at.bottom - at.top,
          })
        : null,
      svg("path", { class: "sl-envelope", d: envelope }),
      ...lines,
      svg("path", { class: "sl-drop sl-D", d: `M${x} ${at.top}V${at.bottom}` }),
      dots(
        at,
        losses.map(curve => [sizes[place], curve[place]]),
        { r: 3.2 },
      ),
      dots(at, [[sizes[place], losses[best][place]]], { kind: "N", r: 6 }),
      ...ranked.map((order, i) =>
        note(
          [at.x(sizes[reached]) + 9, heights[i]],
          i === 0 ? `order ${order}` : `${order}`,
          order === best ? "N" : "muted",
        ),
      ),
      at.frame,
      chip(at, "x", sizes[place], "D", short(sizes[place])),
    );
    put([x, at.top], {
      value: place + 1,
      lo: 1,
      hi: sizes.length,
      text: `${short(sizes[place])} characters`,
      cue: reached < last ? 0 : null,
    });
    ui.say(...words({ sizes, losses, counts, place, reached, guess }));
  };
}

export default picture({
  name: "ngram-curves",
  label: "Held-out loss of n-gram models against training data",
  build,
});
