// Reads {folder, pictures: {name: state}}, works every control of every picture, and writes what was seen.
import { createHash } from "crypto";
import fs from "fs";
import { shown, told, wait } from "../_ext/dom.mjs";

// a name of what is drawn and said, to a tenth of a pixel
const digest = ({ drawing, sentence }) =>
  createHash("md5")
    .update(drawing.replace(/-?\d+\.\d+/g, number => Number(number).toFixed(1)) + sentence)
    .digest("hex");

// Every single thing that a reader can do, as [what it is called, which control, act(control, whole picture)].
function deeds(page) {
  const found = [];
  page.sliders.forEach((slider, k) => {
    const [lo, hi] = [Number(slider.attrs.min), Number(slider.attrs.max)];
    for (const share of [0, 0.3, 0.7, 1])
      found.push([`slider ${k}`, here => {
        here.sliders[k].value = lo + share * (hi - lo);
        here.sliders[k].fire("input");
      }]);
  });
  page.menus.forEach((menu, k) =>
    (menu.children.length < 2 ? [] : menu.children).forEach(option =>
      found.push([`menu ${k}`, here => {
        here.menus[k].value = option.attrs.value;
        here.menus[k].fire("change");
      }]),
    ),
  );
  page.boxes.forEach((box, k) =>
    found.push([`box ${k}`, here => {
      here.boxes[k].checked = !here.boxes[k].checked;
      here.boxes[k].fire("change");
    }]),
  );
  page.buttons.forEach((button, k) =>
    found.push([`button ${k} ${button.textContent}`, here => here.buttons[k].fire("click")]),
  );
  page.handles.forEach((_, k) => {
    const keys = ["ArrowRight", "ArrowLeft", "ArrowUp", "ArrowDown", "PageUp", "PageDown", "Home", "End", "Enter"];
    for (const key of keys)
      found.push([`handle ${k} by keys`, here => here.handles[k].fire("keydown", { key }), `${k} ${key}`]);
    for (const key of ["ArrowRight", "ArrowLeft", "ArrowUp", "ArrowDown"])
      found.push([`handle ${k} far by keys`, here => {
        for (let n = 0; n < 20; n++) here.handles[k].fire("keydown", { key, shiftKey: true });
      }]);
    for (const [x, y] of [[40, 0], [-40, 0], [0, 40], [0, -40]])
      found.push([`handle ${k} dragged`, here => {
        const at = (clientX, clientY) => ({ clientX, clientY, pointerId: 1 });
        here.handles[k].fire("pointermove", at(x, y)); // not held yet
        here.handles[k].fire("pointerdown", at(0, 0));
        here.handles[k].fire("pointermove", at(x, y));
        here.handles[k].fire("lostpointercapture");
      }]);
  });
  return found;
}

const differs = (a, b) => a.drawing !== b.drawing || a.sentence !== b.sentence;
// a number that got lost, with what stands round it; an axis without a colour has the class sl-undefined
const odd = ({ drawing, sentence }) => {
  const text = drawing + sentence;
  const at = text.search(/NaN|(?<!sl-)undefined|Infinity|\bnull\b|\[object/);
  return at < 0 ? "" : text.slice(Math.max(0, at - 20), at + 20);
};

const place = handle => handle.attrs.transform.match(/[-\d.e]+/g).slice(-2).map(Number);

const { folder, pictures } = JSON.parse(fs.readFileSync(0));
const seen = {};
for (const [name, { module, state }] of Object.entries(pictures)) {
  const picture = (await import(`${folder}/${module}.mjs`)).default;
  const first = shown(picture, state, 700);
  const start = first.look();
  const stood = first.handles.map(place);
  const acts = [];
  for (const [what, act, key = ""] of deeds(first)) {
    const page = shown(picture, state, 700);
    act(page);
    wait();
    const then = page.look();
    const numbers = page.handles.map(({ attrs }) =>
      ["valuemin", "valuenow", "valuemax"].map(part => Number(attrs[`aria-${part}`])),
    );
    const sliders = page.sliders.map(slider => Number(slider.value));
    const shifts = page.handles.map((one, k) => place(one).map((at, axis) => at - stood[k][axis]));
    page.buttons.find(button => button.textContent === "Reset")?.fire("click");
    const back = page.look();
    acts.push({
      what,
      key,
      ...then,
      moved: differs(then, start),
      look: digest(then),
      told: then.sentence !== start.sentence,
      numbers,
      sliders,
      shifts,
      amounts: page.amounts(),
      back: back.drawing === start.drawing && back.sentence === start.sentence,
      traits: JSON.stringify(page.traits) === JSON.stringify(first.traits),
    });
    delete acts.at(-1).drawing;
    acts.at(-1).odd = odd(then);
  }
  // what says at the start what is so already, or how later moves count, shows after or before another deed
  const after = (...deeds) => {
    const page = shown(picture, state, 700);
    for (const act of deeds) {
      act(page);
      wait();
    }
    return page.look();
  };
  const all = deeds(first).map(([, act]) => act);
  const idle = new Set(acts.map(act => act.what));
  for (const act of acts) if (act.moved) idle.delete(act.what);
  const looks = new Map(); // after one deed alone
  const alone = other => looks.get(other) ?? looks.set(other, after(other)).get(other);
  const others = all.toReversed(); // buttons and handles, which stand last, find most of what is found
  all.forEach((act, k) => {
    if (!idle.has(acts[k].what) || /^slider|^handle|Reset$/.test(acts[k].what)) return;
    acts[k].moved = others.some(
      other => differs(after(other, act), alone(other)) || differs(after(act, other), alone(other)),
    );
  });
  // most deeds one after the other on one picture, in leaps: what only some of them together lead to
  const walk = () => {
    const page = shown(picture, state, 700);
    const way = createHash("md5");
    const near = all.filter((_, k) => !acts[k].what.endsWith("far by keys")); // those are twenty each
    const leap = near.length % 7 ? 7 : 11;
    for (let k = 0; k < near.length; k++) {
      near[(k * leap) % near.length](page);
      wait();
      if (k % 4 === 0) way.update(digest(page.look()));
    }
    return way.update(digest(page.look())).digest("hex");
  };
  // what is taken hold of and not moved: where it stood, and where it stands
  const held = first.handles.map((_, k) => {
    const { handles } = shown(picture, state, 700);
    const before = place(handles[k]);
    handles[k].fire("pointerdown", { clientX: 0, clientY: 0, pointerId: 1 });
    handles[k].fire("pointermove", { clientX: 0, clientY: 0, pointerId: 1 });
    return [before, place(handles[k])];
  });
  // where a model can be chosen by a tap: what is chosen after one on each dot, and far from all
  const chosen = (x, y) => {
    const page = shown(picture, state, 700);
    page.stage.fire("click", { clientX: x, clientY: y });
    return page.traits.chosen;
  };
  const dots = typeof state.chosen === "string" ? first.stage.all(node => Number(node.attrs.r) === 5) : [];
  const tapsOnDots = dots.map(({ attrs }) => chosen(Number(attrs.cx), Number(attrs.cy)));
  const tapFarOff = dots.length ? chosen(-1000, -1000) : "";
  const tapped = shown(picture, state, 700);
  for (let x = 0; x <= 700; x += 100)
    for (let y = 0; y <= 500; y += 100)
      tapped.stage.fire("click", { clientX: x, clientY: y });
  const phone = shown(picture, state, 340).look();
  // a guess of 2.5 on an axis, taken while the picture stands: [is it drawn, is it gone with the guess]
  const drawnIn = ["x", "y"].map(axis => {
    told.clear(); // earlier pictures
    let page;
    try {
      page = shown(picture, { ...state, prediction: { id: "98-guess", axis } }, 700);
    } catch {
      return [false, true]; // a picture without such an axis
    }
    const before = page.look().drawing;
    const guess = value => {
      globalThis.slGuesses = { "98-guess": value };
      for (const tell of told) tell();
      return page.look().drawing;
    };
    return [guess(2.5) !== before, guess(NaN) === before];
  });
  delete globalThis.slGuesses;
  // the classes of what is drawn, before the answer is shown and after
  const classes = revealed =>
    shown(picture, { ...state, revealed }, 700)
      .stage.all(node => node.attrs.class)
      .map(node => node.attrs.class);
  const covered = "revealed" in state ? [classes(false), classes(true)] : null;
  seen[name] = {
    sentence: start.sentence,
    phone: phone.sentence,
    looks: { start: digest(start), phone: digest(phone), walk: walk(), taps: digest(tapped.look()) },
    labels: first.labels(),
    odd: odd(start) + odd(phone),
    acts,
    held,
    tapsOnDots,
    tapFarOff,
    drawnIn,
    covered,
  };
}
console.log(JSON.stringify(seen));
