// The scratchpad without a browser: the scripts of a page on a page of stubs, worked by steps (tests/in_node.py).
// In, as `globalThis.job`: {scripts: [text, ...], page: {path, boxes, laws, tables, blocks}, kept, refuses, steps: [[what, ...], ...]}; blocks are
// questions, guesses, and boxes with their hints, as [tag, attributes, children]. Out, as `said`: one answer a step.
// Imported anew for each page: nothing of one is left to the next.
import vm from "node:vm";

const { scripts, page, kept = null, refuses = false, steps } = globalThis.job;

class Element {
  constructor(tag, text = "") {
    Object.assign(this, { tag, text, attrs: {}, kids: [], waiting: {}, style: new Map(), value: "" });
    this.dataset = {};
    this.style.setProperty = (name, value) => this.style.set(name, value);
    Object.assign(this, { scrollTop: 0, selectionStart: 0, selectionEnd: 0, isConnected: true });
  }
  append(...kids) {
    this.kids.push(...kids.map(kid => (kid instanceof Element ? kid : new Element("#", String(kid)))));
    for (const kid of this.kids) kid.above = this;
  }
  replaceChildren(...kids) {
    this.kids = [];
    this.append(...kids);
  }
  remove() {
    this.gone = true;
  }
  hasAttribute(name) {
    return name in this.attrs;
  }
  closest() {
    return null; // nothing stands below that would be covered
  }
  get children() {
    return this.kids;
  }
  get classList() {
    return { contains: name => this.attrs.class === name };
  }
  setAttribute(name, value) {
    this.attrs[name] = value;
    if (["hidden", "type", "id", "value"].includes(name)) this[name] = value === "" || value;
    if (name.startsWith("data-")) this.dataset[name.slice(5)] = value;
  }
  addEventListener(name, act) {
    (this.waiting[name] ??= []).push(act);
  }
  fire(name, event = {}) {
    for (const act of this.waiting[name] ?? []) act({ target: this, preventDefault() {}, ...event });
  }
  get textContent() {
    return this.text + this.kids.map(kid => kid.textContent).join("");
  }
  set textContent(text) {
    Object.assign(this, { text, kids: [] });
  }
  all() {
    return [this, ...this.kids.flatMap(kid => kid.all())];
  }
  contains(other) {
    return this.all().includes(other);
  }
  querySelectorAll(selector) {
    if (selector.includes(" ") && !selector.includes(",")) {
      const [outer, inner] = selector.split(" ");
      return this.querySelectorAll(outer).flatMap(one => one.querySelectorAll(inner));
    }
    const tags = selector.split(",").map(one => one.trim());
    const is = one => tags.includes(one.tag) || tags.includes(`.${one.attrs.class}`);
    return this.all().filter(one => one !== this && is(one));
  }
  querySelector(selector) {
    return this.querySelectorAll(selector)[0] ?? null;
  }
  matches(selector) {
    return selector.includes(this.tag);
  }
  focus() {
    document.activeElement = this;
    for (const act of outside.focusin ?? []) act({ target: this });
  }
  setRangeText(text, from, to, mode) {
    this.value = this.value.slice(0, from) + text + this.value.slice(to);
    this.selectionStart = this.selectionEnd = mode === "end" ? from + text.length : from;
  }
}
const tree = (tag, ...kids) => {
  const made = new Element(tag);
  made.append(...kids);
  return made;
};

// a power of ten is shown as the build writes it (_ext/powers.py)
const data = cell => {
  const made = tree("td", cell.replace(/e8$/, "×10⁸"));
  if (made.textContent !== cell) made.dataset.is = cell;
  return made;
};
const places = page.tables.map(({ names, rows }) => {
  const heads = names.map(name => tree("th", name ?? "who"));
  heads.forEach((head, k) => names[k] && (head.dataset.name = names[k]));
  const body = rows.map(row => tree("tr", ...row.map(data)));
  return tree("div", tree("table", tree("thead", tree("tr", ...heads)), tree("tbody", ...body)));
});
const built = node =>
  typeof node === "string"
    ? new Element("#", node)
    : node[1].reduce(
        (made, [name, value]) => (made.setAttribute(name, value ?? ""), made),
        tree(node[0], ...node[2].map(built)),
      );
const blocks = (page.blocks ?? []).map(built);
// below a box stand its hints
blocks.forEach((one, k) => one.attrs.class === "sl-box" && (one.nextElementSibling = blocks[k + 1]));
const outside = {};
const heading = Object.assign(new Element("h1"), { after: line => (heading.next = line) });
const body = new Element("body");
const field = new Element("input");
const copies = [];
let shelf = kept;
const document = {
  body,
  activeElement: body,
  createElement: tag => new Element(tag),
  documentElement: new Element("html"),
  querySelector: selector => document.querySelectorAll(selector)[0] ?? null,
  querySelectorAll: selector =>
    selector.endsWith("sl-laws")
      ? [new Element("#", JSON.stringify(page.laws))]
      : selector.endsWith("sl-boxes")
        ? [new Element("#", JSON.stringify({ boxes: page.boxes }))]
        : selector === "main h1"
          ? [heading]
          : selector === ".sl-data"
            ? places
            : selector === ".sl-data table"
              ? places.flatMap(place => place.querySelectorAll("table"))
              : blocks.filter(block => selector.split(", ").includes(`.${block.attrs.class}`)),
  getElementById: () => null,
};
const view = new Element("view");
Object.assign(view, { height: 844, offsetTop: 0 });
let narrow = false;
const late = [];
const world = {
  CustomEvent: class {},
  dispatchEvent() {},
  Intl,
  document,
  location: { pathname: page.path, hash: "" },
  localStorage: {
    getItem: () => (refuses ? refuse() : shelf),
    setItem: (_, text) => (refuses ? refuse() : (shelf = text)),
  },
  navigator: { clipboard: { writeText: async text => copies.push(text) } },
  addEventListener: (name, act) => (outside[name] ??= []).push(act),
  matchMedia: () => ({ matches: narrow }),
  visualViewport: view,
  innerHeight: 844,
  setTimeout: act => late.push(act),
  clearTimeout() {},
};
const refuse = () => {
  throw new Error("refused");
};
vm.createContext(world);
for (const script of scripts) vm.runInContext(script, world);

const [opener, pad] = body.kids;
const block = id => blocks.find(one => one.dataset.id === id);
const one = tag => pad.all().find(node => node.tag === tag);
const button = name => [...places, pad].flatMap(place => place.all()).find(node => node.tag === "button" && node.textContent === name);
const press = key => outside.keydown.forEach(act => act({ key, preventDefault() {} }));
const acts = {
  type(text) {
    one("textarea").value = text;
    one("textarea").selectionStart = text.length;
    one("textarea").fire("input");
    return one("ol").kids.map(line => line.textContent);
  },
  said() {
    while (late.length) late.shift()();
    return pad.all().find(node => node.attrs.role === "status").textContent;
  },
  listed: () => pad.all().filter(node => node.tag === "button").map(node => node.textContent),
  lines: () => one("textarea").value,
  shelf: () => JSON.parse(shelf),
  progress: () => heading.next.textContent,
  key: name => (name === "Escape" ? pad.fire("keydown", { key: name }) : press(name)) && null,
  push: name => button(name).fire("click"),
  copied: () => copies.at(-1),
  open: () => [!pad.hidden, opener.attrs["aria-expanded"], document.activeElement === one("textarea")],
  field() {
    field.focus();
    return [!pad.hidden, document.activeElement === field];
  },
  chosen: id => block(id).all().filter(one => one.tag === "details" && one.open).map(one => one.kids[0].textContent),
  choose(id, text) {
    const option = block(id).all().find(one => one.tag === "details" && one.kids[0].textContent === text);
    option.open = true;
    option.fire("toggle");
  },
  guess(id, typed) {
    const own = block(id).all();
    const labels = own.filter(one => one.tag === "label");
    const place = labels.findIndex(label => label.textContent === typed);
    const field = own.filter(one => one.tag === "input")[Math.max(place, 0)];
    if (place < 0) field.value = typed;
    else field.checked = true;
    own.find(one => one.tag === "form").fire("submit");
  },
  answer(id, ...typed) {
    const own = block(id).all();
    const fields = own.filter(one => one.attrs.type === "text");
    const labels = own.filter(one => one.tag === "label");
    const radios = own.filter(one => one.attrs.type === "radio");
    radios.forEach((radio, k) => (radio.checked = labels[k].textContent === typed[0]));
    fields.forEach((field, k) => {
      field.value = typed[k];
      field.fire("input");
    });
    const form = own.find(one => one.tag === "form");
    form.fire("input");
    const before = [acts.told(id), acts.status(id)];
    form.fire("submit");
    return before.concat(acts.told(id), acts.status(id));
  },
  status: id => block(id).dataset.status ?? "",
  fields: id => block(id).all().filter(one => one.tag === "input").map(one => (one.type === "text" ? one.value : one.checked)),
  echoes: id => block(id).all().filter(one => one.attrs.class === "sl-echo").map(one => one.textContent),
  more(id) {
    const more = block(id).all().find(one => one.textContent === "One more hint" && one.tag === "button");
    const hints = block(id).nextElementSibling.querySelectorAll("details");
    const closed = hints.filter(one => !one.open);
    more.fire("click");
    closed.filter(one => one.open).forEach(one => one.fire("toggle"));
    return [hints.map(one => one.open === true), more.hidden === true, hints.indexOf(document.activeElement.above)];
  },
  told: id => block(id).all().find(one => one.attrs.role === "status").textContent,
  folded: id => block(id).querySelectorAll("details").map(one => one.hidden === true),
  drawn: () => Object.entries(world.slGuesses ?? {}),
  narrow: () => (narrow = true),
  keyboard(height) {
    view.height = height;
    view.fire("resize");
    return Object.fromEntries(pad.style);
  },
};
export const said = [];
for (const [what, ...rest] of steps) {
  said.push((await acts[what](...rest)) ?? null);
  await null;
}
