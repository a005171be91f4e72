// What all pictures share: the frame (question, drawing, sentence, controls), axes, handles, numbers in words.
// A source module, not a run-time import: bundle.py joins what a picture uses into its one module text.

const SVG_NS = "http://www.w3.org/2000/svg";

function fill(node, attrs, kids) {
  for (const [name, value] of Object.entries(attrs)) {
    if (name.startsWith("on")) node.addEventListener(name.slice(2), value);
    else if (value != null && value !== false) node.setAttribute(name, value === true ? "" : value);
  }
  node.append(...kids.filter(kid => kid != null));
  return node;
}
export const html = (tag, attrs = {}, ...kids) => fill(document.createElement(tag), attrs, kids);
export const svg = (tag, attrs = {}, ...kids) =>
  fill(document.createElementNS(SVG_NS, tag), attrs, kids);
export const update = (node, attrs) => fill(node, attrs, []);
export const clamp = (value, lo, hi) => Math.min(hi, Math.max(lo, value));
export const same = (a, b) => JSON.stringify(a) === JSON.stringify(b);
export const freshId = () => `sl-${Math.random().toString(36).slice(2, 10)}`;

// ---- the frame of every picture -------------------------------------------------------------

// how many headings of the page a place stands under, at least one
function depth(node, found = 0) {
  if (!node) return Math.max(1, found);
  return depth(node.parentElement, found + (node.localName === "section"));
}

// `build(ui)` makes handles and controls once and returns draw(width), which runs whenever the width or one of the
// traits named in `start` changes. draw ends in ui.paint(at, ...nodes) and ui.say(...parts).
export const picture = ({ name, label, build }) => ({
  render({ model, el }) {
    const start = model.get("start");
    const drawing = svg("g", { "aria-hidden": "true" });
    const stage = svg("svg", { class: "sl-stage", role: "group", "aria-label": label }, drawing);
    const level = { role: "heading", "aria-level": depth(el) + 1 };
    const question = html("p", { class: "sl-question", ...level }, phrase(model.get("question")));
    const controls = html("div", { class: "sl-controls" });
    const root = html(
      "div",
      { class: `sl sl-${name}`, "data-lm-suppress-shortcuts": "true" },
      question,
      stage,
    );
    const say = sentence(root, () => used);
    root.append(controls);

    const syncs = [];
    let width = 0;
    let quiet = false;
    let used = false; // by the reader, now: what a first sight or a resize draws is not spoken
    let saving;
    function redraw() {
      if (!width || quiet) return;
      draw(width);
      for (const sync of syncs) sync();
    }
    // several traits at once are one change: no state that never was is drawn; the kernel hears of it when all is calm
    function set(changes) {
      quiet = true;
      for (const [trait, value] of Object.entries(changes)) model.set(trait, value);
      quiet = false;
      used = true;
      redraw();
      used = false;
      clearTimeout(saving);
      saving = setTimeout(() => model.save_changes(), 250);
    }
    // the guess that the page took before it uncovered this picture, as a line where the axis has its value
    const { id, axis } = model.get("prediction");
    function guessed(at) {
      const value = globalThis.slGuesses?.[id];
      if (!id || at[axis].clamp(value) !== value) return [];
      const [x, y] = axis === "x" ? [value, at.y.hi] : [at.x.hi, value];
      const room = axis === "y" || at.x(x) + 85 < at.x(at.x.hi); // beside an upright line
      const place =
        axis === "y" ? [at.left + 48, at.y(y) - 5] : [at.x(x) + (room ? 5 : -5), at.y(y) + 14];
      return [
        drop(at, axis, [x, y], "predicted"),
        note(place, "your guess", "predicted", room ? "start" : "end"),
      ];
    }
    const ui = {
      stage,
      set,
      say,
      get: trait => model.get(trait),
      trait: trait => ({ get: () => model.get(trait), set: value => set({ [trait]: value }) }),
      onDraw: sync => syncs.push(sync),
      controls: (...nodes) => controls.append(...nodes),
      reset: () => button("Reset", () => set(start)),
      atStart: () => Object.keys(start).every(trait => same(model.get(trait), start[trait])),
      paint(at, ...nodes) {
        drawing.replaceChildren(...[...nodes, ...guessed(at)].filter(node => node != null));
        update(stage, {
          width: at.width,
          height: at.height,
          viewBox: `0 0 ${at.width} ${at.height}`,
        });
      },
    };
    const draw = build(ui);
    el.replaceChildren(root);

    // laid out in real pixels at the width it gets, so that letters stay legible on a phone
    const observer = new ResizeObserver(([entry]) => {
      const wide = Math.floor(entry.contentRect.width);
      if (!wide || wide === width) return;
      width = wide;
      redraw();
    });
    observer.observe(root);
    const watched = Object.keys(start)
      .map(trait => `change:${trait}`)
      .join(" ");
    model.on(watched, redraw);
    addEventListener("slGuesses", redraw);
    return () => {
      observer.disconnect();
      clearTimeout(saving);
      model.off(watched, redraw);
    };
  },
});

// phrase("now ", ["N", "70B"], " wide") -> text in which quantities carry their colour; x^{-α} raises the -α.
export function phrase(...parts) {
  const raised = text =>
    text.split(/\^\{([^}]*)\}/).map((part, i) => (i % 2 ? html("sup", {}, part) : part));
  const node = part =>
    Array.isArray(part)
      ? [html("b", { class: `sl-${part[0]}` }, ...raised(part[1]))]
      : raised(part);
  return html("span", {}, ...parts.flatMap(node));
}

// A separate, late status line: a screen reader would stammer if every step of a drag were live.
function sentence(parent, aloud) {
  const shown = html("p", { class: "sl-sentence" });
  const spoken = html("div", { class: "sl-spoken", role: "status" });
  let timer;
  parent.append(shown, spoken);
  return (...parts) => {
    shown.replaceChildren(phrase(...parts));
    if (!aloud()) return;
    clearTimeout(timer);
    timer = setTimeout(() => (spoken.textContent = shown.textContent), 600);
  };
}

// ---- controls: `value` is { get, set }, for one trait ui.trait("name") -------------------------

export const button = (text, onclick, kind = "") =>
  html("button", { type: "button", class: kind, onclick }, text);

export function labelled(text, control, kind = "") {
  control.id = freshId();
  return html(
    "span",
    { class: `sl-field ${kind}` },
    html("label", { for: control.id }, phrase(text)),
    control,
  );
}

// A range with its value in words: slider(ui, "Compute", ui.trait("log_compute"), { lo: 18, hi: 25, step: 0.1, text, kind: "C" })
export function slider(ui, label, value, { lo, hi, step, text, kind = "measured" }) {
  const input = html("input", {
    type: "range",
    min: lo,
    max: hi,
    step,
    oninput: () => value.set(Number(input.value)),
    // a thumb that comes down on it to scroll the page has moved it already: the browser then takes the pointer away
    onpointerdown: () => (before = value.get()),
    onpointercancel: () => value.set(before),
  });
  let before;
  const amount = html("b", { class: `sl-amount sl-${kind}`, "aria-hidden": "true" });
  ui.onDraw(() => {
    input.value = value.get();
    amount.textContent = text(value.get());
    update(input, { "aria-valuetext": amount.textContent });
  });
  const field = labelled(label, input, `sl-slider sl-${kind}`);
  field.append(amount);
  return field;
}

// A menu: choices are [value, text] pairs; a value outside them shows the first.
export function select(ui, label, value, choices) {
  const options = choices.map(([name, text]) => html("option", { value: name }, text));
  const menu = html("select", { onchange: () => value.set(menu.value) }, ...options);
  ui.onDraw(() => {
    menu.value = value.get();
    if (menu.selectedIndex < 0) menu.selectedIndex = 0;
  });
  return labelled(label, menu);
}

export function checkbox(ui, label, value) {
  const box = html("input", { type: "checkbox", onchange: () => value.set(box.checked) });
  ui.onDraw(() => (box.checked = value.get()));
  return html("label", { class: "sl-check" }, box, label);
}

// Controls in one row of equal right, and controls that stay folded until wanted.
export const row = (...nodes) => html("div", { class: "sl-row" }, ...nodes);
export const fold = (title, ...nodes) =>
  html("details", { class: "sl-fold" }, html("summary", {}, title), ...nodes);

// ---- handles ----------------------------------------------------------------------------------

// steps to the right and up; Page keys go as far as with Shift
const KEYS = {
  ArrowRight: [1, 0],
  ArrowLeft: [-1, 0],
  ArrowUp: [0, 1],
  ArrowDown: [0, -1],
  PageUp: [8, 0],
  PageDown: [-8, 0],
};

export function pixel(ui, event) {
  const { left, top } = ui.stage.getBoundingClientRect();
  return [event.clientX - left, event.clientY - top];
}

// The looks of a handle that is a point: an arrow cue, a target for thumbs, a ring, a knob.
export const knob = kind => [
  svg("path", { class: `sl-cue sl-${kind}`, d: "M-21 -5l-6 5l6 5M21 -5l6 5l-6 5" }),
  svg("circle", { class: "sl-hit", r: 24 }),
  svg("circle", { class: `sl-ring sl-${kind}`, r: 15 }),
  svg("circle", { class: `sl-knob sl-${kind}`, r: 9 }),
];

// Something to move. Pointer, touch and keys (Shift: further) all end in move(x, y), pixels of the stage; done()
// follows a release after a move, and Enter. `axis` "x" or "y": it moves on that axis only, and every arrow key counts.
// Returns put([x, y], { value, lo, hi, text, cue }): where it stands, what a screen reader says, the angle of the cue.
export function handle(ui, { label, parts, move, done = () => {}, axis = "", step = () => 5 }) {
  let here = [0, 0];
  let now = {};
  let grip = null; // from the pointer to the handle, while it is held
  let moved = false;
  function onpointerdown(event) {
    if (event.button !== 0) return;
    event.preventDefault();
    node.focus({ preventScroll: true });
    node.setPointerCapture(event.pointerId);
    const [x, y] = pixel(ui, event);
    grip = [here[0] - x, here[1] - y];
    moved = false;
  }
  function onpointermove(event) {
    if (!grip) return;
    const [x, y] = pixel(ui, event);
    moved = true;
    move(x + grip[0], y + grip[1]);
  }
  function onlostpointercapture() {
    grip = null;
    if (moved) done();
  }
  function go(right, up) {
    const both = right + up;
    if (axis) [right, up] = axis === "x" ? [both, 0] : [0, both];
    move(here[0] + right, here[1] - up);
  }
  // to the lowest or highest value, which may stand at either end of the picture
  function toEnd(lowest) {
    for (const way of [-2000, 2000]) {
      go(way, 0);
      if (now.value - now.lo < now.hi - now.value === lowest) return;
    }
  }
  function onkeydown(event) {
    const arrow = KEYS[event.key];
    const end = event.key === "Home" || event.key === "End";
    if (!arrow && !end && event.key !== "Enter" && event.key !== " ") return;
    event.preventDefault();
    event.stopPropagation();
    const far = step() * (event.shiftKey ? 8 : 1);
    if (end) toEnd(event.key === "Home");
    else if (arrow) go(arrow[0] * far, arrow[1] * far);
    else done();
  }
  const listeners = { onpointerdown, onpointermove, onlostpointercapture, onkeydown };
  const node = svg(
    "g",
    { class: "sl-handle", tabindex: 0, role: "slider", "aria-label": label, ...listeners },
    ...parts,
  );
  // touch-action: none has no effect inside an SVG in Chromium: the page would scroll and cancel the drag
  node.addEventListener("touchstart", touch => touch.preventDefault(), { passive: false });
  ui.stage.append(node);
  return ([x, y], { value, lo, hi, text, cue = null }) => {
    here = [x, y];
    now = { value, lo, hi };
    const spoken = {
      "aria-valuenow": value,
      "aria-valuemin": lo,
      "aria-valuemax": hi,
      "aria-valuetext": text,
    };
    update(node, { transform: `translate(${x} ${y})`, ...spoken });
    node.classList.toggle("sl-cued", cue !== null);
    if (cue) update(node.firstChild, { transform: `rotate(${cue})` });
  };
}

// A click or tap on the picture beside the handles: tap([x, y], event). A touch drag there still scrolls the page.
export function onTap(ui, tap) {
  ui.stage.addEventListener("click", event => {
    if (!event.target.closest(".sl-handle")) tap(pixel(ui, event), event);
  });
}

// ---- numbers in words ---------------------------------------------------------------------------

const UNITS = [
  [1e12, "T"],
  [1e9, "B"],
  [1e6, "M"],
  [1e3, "k"],
  [1, ""],
];

// 1.4e12 -> "1.4T". Rounds before it picks the unit, so that 999.9e9 becomes 1T and not 1000B.
export function short(value, digits = 3) {
  const rounded = Number(value.toPrecision(digits));
  const [size, unit] = UNITS.find(([size]) => Math.abs(rounded) >= size) ?? UNITS.at(-1);
  return Number((rounded / size).toPrecision(digits)) + unit;
}
const superscript = n => String(n).replace(/[-\d]/g, c => "⁻⁰¹²³⁴⁵⁶⁷⁸⁹"["-0123456789".indexOf(c)]);
export function scientific(value, digits = 2) {
  const [mantissa, exponent] = value.toExponential(digits - 1).split("e");
  return `${mantissa} × 10${superscript(Number(exponent))}`;
}
export const nats = loss => loss.toFixed(3);
export function percent(share) {
  const p = 100 * Math.abs(share);
  return `${p.toFixed(p < 9.95 ? 1 : 0)} %`;
}

// ---- scales and axes ------------------------------------------------------------------------------

function makeScale(lo, hi, from, to, forward, back) {
  const rate = (to - from) / (forward(hi) - forward(lo));
  const scale = value => from + rate * (forward(value) - forward(lo));
  const invert = place => back(forward(lo) + (place - from) / rate);
  return Object.assign(scale, { lo, hi, rate, invert, clamp: value => clamp(value, lo, hi) });
}
// scale(value) -> pixel, .invert(pixel), .clamp(value), .rate in pixels per decade or per unit
export const logScale = (lo, hi, from, to) => makeScale(lo, hi, from, to, Math.log10, v => 10 ** v);
export const linearScale = (lo, hi, from, to) => makeScale(lo, hi, from, to, Number, Number);

export function linearTicks(lo, hi, most = 6) {
  const raw = (hi - lo) / most;
  const power = 10 ** Math.floor(Math.log10(raw));
  const step = power * [1, 2, 5, 10].find(m => m * power >= raw * 0.999);
  const first = Math.ceil(lo / step - 1e-9);
  return Array.from({ length: Math.floor(hi / step + 1e-9) - first + 1 }, (_, i) =>
    Number(((first + i) * step).toPrecision(9)),
  );
}
// Decades, every second decade, 1-2-5, or even steps: what the range and the room ask for.
export function logTicks(lo, hi, most = 8, steps = null) {
  const decades = Math.log10(hi / lo);
  if (decades < 0.8) return linearTicks(lo, hi, most);
  const stride = Math.max(1, Math.ceil(decades / most));
  const ticks = [];
  for (let e = Math.floor(Math.log10(lo)); e <= Math.log10(hi); e++)
    for (const s of steps ?? (decades < 2 ? [1, 2, 5] : [1]))
      if (e % stride === 0 && s * 10 ** e >= lo * 0.999 && s * 10 ** e <= hi * 1.001)
        ticks.push(s * 10 ** e);
  return ticks;
}

// Both axes with grid, numbers and titles. x, y: { lo, hi, log, title, kind, text }. Returns the scales at.x and at.y,
// the frame (left, right, top, bottom) and the nodes at.grid (paint it first) and at.frame (last); clip-path: at.clip.
export function axes(width, { x, y, ratio = 0.62, head = 30, margin = 14 }) {
  const phone = width < 520;
  const [left, right, top] = [phone ? 44 : 54, width - margin, head];
  const bottom = top + Math.round(clamp((right - left) * ratio, 250, 430));
  const id = freshId();
  const scaled = (axis, from, to) =>
    (axis.log ? logScale : linearScale)(axis.lo, axis.hi, from, to);
  const at = { width, height: bottom + 52, phone, left, right, top, bottom, clip: `url(#${id})` };
  at.x = scaled(x, left, right);
  at.y = scaled(y, bottom, top);
  const ticks = (axis, room) =>
    (axis.log ? logTicks : linearTicks)(axis.lo, axis.hi, Math.max(2, Math.floor(room)));
  const words = (axis, values) => axis.text ?? (axis.log ? short : decimals(values));
  const xs = ticks(x, (right - left) / 62);
  const ys = ticks(y, (bottom - top) / 48);
  const lines = [
    ...xs.map(v => `M${at.x(v)} ${top}V${bottom}`),
    ...ys.map(v => `M${left} ${at.y(v)}H${right}`),
  ];
  if (x.log)
    for (const v of logTicks(x.lo, x.hi, 99, [2, 5])) lines.push(`M${at.x(v)} ${bottom}v-5`);
  if (y.log) for (const v of logTicks(y.lo, y.hi, 99, [2, 5])) lines.push(`M${left} ${at.y(v)}h5`);
  const box = { x: left, y: top, width: right - left, height: bottom - top };
  at.ticks = svg("g", {});
  const number = (attrs, text) => at.ticks.append(svg("text", attrs, text));
  for (const v of xs)
    number(
      { x: at.x(v), y: bottom + 18, "text-anchor": "middle", "data-x": at.x(v) },
      words(x, xs)(v),
    );
  for (const v of ys)
    number(
      { x: left - 8, y: at.y(v) + 4, "text-anchor": "end", "data-y": at.y(v) },
      words(y, ys)(v),
    );
  at.grid = svg(
    "g",
    {},
    svg("clipPath", { id }, svg("rect", box)),
    svg("path", { class: "sl-grid", d: lines.join("") }),
    at.ticks,
    svg(
      "text",
      {
        class: `sl-title sl-${x.kind}`,
        x: (left + right) / 2,
        y: bottom + 42,
        "text-anchor": "middle",
      },
      x.title,
    ),
    svg("text", { class: `sl-title sl-${y.kind}`, x: 2, y: 16 }, y.title),
  );
  at.frame = svg("rect", { ...box, class: "sl-frame" });
  return at;
}
// As many decimals as even steps need.
function decimals([first, second = first + 1]) {
  const needed = -Math.floor(Math.log10(second - first) + 1e-9);
  return needed > 0 ? v => v.toFixed(needed) : short;
}

// ---- things to paint ---------------------------------------------------------------------------------

export const path = points =>
  points.map(([x, y], i) => `${i ? "L" : "M"}${x.toFixed(1)} ${y.toFixed(1)}`).join("");

// The line y = f(x) between two values of x, inside the frame. `kind` is a colour, more classes may follow it.
export function curve(at, f, kind, lo = at.x.lo, hi = at.x.hi) {
  const [from, to] = [at.x(lo), at.x(hi)];
  const places = Array.from({ length: 121 }, (_, i) => from + ((to - from) * i) / 120);
  const points = places
    .map(x => [x, clamp(at.y(f(at.x.invert(x))), -9999, 9999)])
    .filter(([, y]) => !Number.isNaN(y));
  return svg("path", { class: `sl-curve sl-${kind}`, d: path(points), "clip-path": at.clip });
}

// Runs as [x, y] values: filled dots are measured, rings are simulated.
export const dots = (at, points, { simulated = false, kind = "measured", r = 5 } = {}) =>
  svg(
    "g",
    { class: `sl-dots sl-${kind}${simulated ? " sl-rings" : ""}` },
    ...points.map(([x, y]) => svg("circle", { cx: at.x(x), cy: at.y(y), r })),
  );

// A line from a point to its axis, and the value there as a filled chip. Numbers of the axis under the chip give way.
export const drop = (at, axis, [x, y], kind) => {
  const end = axis === "x" ? `V${at.bottom}` : `H${at.left}`;
  return svg("path", { class: `sl-drop sl-${kind}`, d: `M${at.x(x)} ${at.y(y)}${end}` });
};
export function chip(at, axis, value, kind, text, outlined = false) {
  const place = at[axis](value);
  const half = 3.6 * text.length + 6;
  for (const tick of [...at.ticks.children]) {
    const room = axis === "x" ? half + 4 * tick.textContent.length : 17;
    if (Math.abs((tick.dataset[axis] ?? Infinity) - place) < room) tick.remove();
  }
  const [x, y] = axis === "x" ? [place, at.bottom + 14] : [at.left - 3 - half, place];
  return svg(
    "g",
    {
      class: `sl-chip sl-${kind}${outlined ? " sl-outlined" : ""}`,
      transform: `translate(${clamp(x, half, at.width - half)} ${y})`,
    },
    svg("rect", { x: -half, y: -10, width: 2 * half, height: 20, rx: 5 }),
    svg("text", { y: 4.5, "text-anchor": "middle" }, text),
  );
}
export const diamond = ([x, y], kind = "predicted") =>
  svg("path", {
    class: `sl-diamond sl-${kind}`,
    d: `M${x} ${y - 8}L${x + 8} ${y}L${x} ${y + 8}L${x - 8} ${y}Z`,
  });

// Words beside a thing, in its colour, with a halo so that lines may pass under them. Pixels.
export const note = ([x, y], text, kind, anchor = "start") =>
  svg("text", { class: `sl-note sl-${kind}`, x, y, "text-anchor": anchor }, text);
