// As much of a page as a picture of scalinglib/widgets needs, without a browser: elements, events, a width.
// For stills.mjs, and for the tests that work every control (tests/dom.mjs).

const escaped = text =>
  text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll('"', "&quot;");

class Text {
  constructor(text) {
    this.textContent = String(text);
  }
  markup() {
    return escaped(this.textContent);
  }
}

class Element {
  constructor(tag) {
    this.tag = tag;
    this.attrs = {};
    this.kids = [];
    this.listeners = this.parent = this.typed = null;
  }
  get classList() {
    return {
      toggle: (name, on) => {
        const names = new Set((this.attrs.class ?? "").split(" ").filter(Boolean));
        if (on ?? !names.has(name)) names.add(name);
        else names.delete(name);
        this.attrs.class = [...names].join(" ");
      },
    };
  }
  setAttribute(name, value) {
    this.attrs[name] = String(value);
  }
  get dataset() {
    const data = Object.entries(this.attrs).filter(([name]) => name.startsWith("data-"));
    return Object.fromEntries(data.map(([name, value]) => [name.slice(5), value]));
  }
  set id(value) {
    this.attrs.id = value;
  }
  get id() {
    return this.attrs.id;
  }
  // ---- the tree
  adopted(nodes) {
    return nodes.map(node => {
      const kid = node instanceof Element || node instanceof Text ? node : new Text(node);
      kid.remove?.();
      kid.parent = this;
      return kid;
    });
  }
  append(...nodes) {
    this.kids.push(...this.adopted(nodes));
  }
  prepend(...nodes) {
    this.kids.unshift(...this.adopted(nodes));
  }
  replaceChildren(...nodes) {
    this.kids = [];
    this.append(...nodes);
  }
  remove() {
    if (this.parent) this.parent.kids = this.parent.kids.filter(kid => kid !== this);
    this.parent = null;
  }
  get firstChild() {
    return this.kids[0] ?? null;
  }
  get children() {
    return this.kids.filter(kid => kid instanceof Element);
  }
  get textContent() {
    return this.kids.map(kid => kid.textContent).join("");
  }
  set textContent(text) {
    this.replaceChildren(text);
  }
  closest(selector) {
    return this.has(selector.slice(1)) ? this : (this.parent?.closest(selector) ?? null);
  }
  has(name) {
    return ` ${this.attrs.class ?? ""} `.includes(` ${name} `);
  }
  all(test, found = []) {
    if (test(this)) found.push(this);
    for (const kid of this.kids) if (kid instanceof Element) kid.all(test, found);
    return found;
  }
  markup() {
    const attrs = Object.entries(this.attrs).map(([name, value]) => ` ${name}="${escaped(value)}"`);
    return `<${this.tag}${attrs.join("")}>${this.kids.map(kid => kid.markup()).join("")}</${this.tag}>`;
  }
  // ---- what a reader does
  addEventListener(type, listener) {
    ((this.listeners ??= {})[type] ??= []).push(listener);
  }
  fire(type, more = {}) {
    const event = { target: this, button: 0, preventDefault() {}, stopPropagation() {}, ...more };
    for (const listener of this.listeners?.[type] ?? []) listener(event);
  }
  focus() {}
  setPointerCapture() {}
  getBoundingClientRect() {
    return { left: 0, top: 0 };
  }
  // ---- fields
  get value() {
    return this.typed;
  }
  set value(value) {
    if (this.attrs.type !== "range") return void (this.typed = String(value));
    const [lo, hi, step] = ["min", "max", "step"].map(name => Number(this.attrs[name]));
    const rounded = lo + Math.round((value - lo) / step) * step;
    this.typed = String(Number(Math.min(hi, Math.max(lo, rounded)).toPrecision(12)));
  }
  get selectedIndex() {
    return this.children.findIndex(option => option.attrs.value === this.typed);
  }
  set selectedIndex(place) {
    this.typed = this.children[place].attrs.value;
  }
}

export const told = new Set(); // what waits for the guess that a page takes before it shows a picture
globalThis.addEventListener = (name, tell) => name === "slGuesses" && told.add(tell);
globalThis.document = {
  createElement: tag => new Element(tag),
  createElementNS: (_, tag) => new Element(tag),
};
let resized;
globalThis.ResizeObserver = class {
  constructor(tell) {
    resized = width => tell([{ contentRect: { width } }]);
  }
  observe() {}
  disconnect() {}
};
// what is to happen later happens when a reader has waited
let late = [];
globalThis.setTimeout = act => late.push(act);
globalThis.clearTimeout = place => delete late[place - 1];
export function wait() {
  for (let turn = 0; turn < 100 && late.length; turn++) {
    const due = late;
    late = [];
    for (const act of due) act?.();
  }
}

// A picture in its first state at a width, and the means to work it.
export function shown(picture, state, width) {
  const traits = structuredClone(state);
  const watching = [];
  const model = {
    get: name => traits[name],
    set(name, value) {
      if (!(name in state.start)) throw new Error(`sets ${name}, which does not start anywhere`);
      traits[name] = value;
      for (const [names, tell] of watching) if (names.includes(`change:${name}`)) tell();
    },
    on: (names, tell) => watching.push([names.split(" "), tell]),
    off() {},
    save_changes() {},
  };
  const el = new Element("div");
  el.append(new Element("p")); // a picture takes the place of what stood there
  picture.render({ model, el });
  resized(width);
  const [root] = el.children;
  const one = name => root.all(node => node.has(name))[0];
  const plain = text => text.replace(/sl-[a-z0-9]{8}\b/g, "id").replaceAll("url(#id)", "");
  return {
    traits,
    look: () => ({ drawing: plain(one("sl-stage").markup()), sentence: one("sl-sentence").textContent }),
    root,
    stage: one("sl-stage"),
    sliders: root.all(node => node.attrs.type === "range"),
    menus: root.all(node => node.tag === "select"),
    boxes: root.all(node => node.attrs.type === "checkbox"),
    buttons: root.all(node => node.tag === "button"),
    handles: root.all(node => node.has("sl-handle")),
    labels: () => root.all(node => node.tag === "label").map(node => node.textContent),
    amounts: () => root.all(node => node.has("sl-amount")).map(node => node.textContent),
  };
}
