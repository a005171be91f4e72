// A page of the site without a browser: linkedom's elements, and what else the pages' scripts ask of a window.
// Nothing is laid out: a width or a place is what an element's attribute says (data-width, data-top, ...).
import vm from "node:vm";
import { parseHTML } from "linkedom/worker";

// ---- what linkedom leaves out, for all elements of a page ----
function complete(window, page) {
  const { document } = window;
  const proto = window.HTMLElement.prototype;
  const define = (name, get, set) =>
    Object.defineProperty(proto, name, { get, set, configurable: true });
  const number = name =>
    function () {
      return Number(this.dataset[name] ?? 0);
    };
  const owner = one => pages.get(one.ownerDocument);
  for (const [name, of] of [
    ["offsetWidth", "width"],
    ["offsetHeight", "height"],
    ["clientWidth", "room"],
    ["scrollWidth", "width"],
  ])
    define(name, number(of), () => {});
  define(
    "open",
    function () {
      return this.hasAttribute("open");
    },
    function (open) {
      if (open === this.open) return;
      this.toggleAttribute("open", open);
      if (this.localName !== "details") return;
      const group = this.getAttribute("name");
      if (open && group)
        for (const other of this.ownerDocument.querySelectorAll(`details[name="${group}"]`))
          if (other !== this) other.open = false;
      queueMicrotask(() => this.dispatchEvent(new window.Event("toggle")));
    },
  );
  const checked = new WeakMap();
  define(
    "checked",
    function () {
      return checked.get(this) ?? this.hasAttribute("checked");
    },
    function (is) {
      checked.set(this, is);
      if (!is || this.type !== "radio") return;
      for (const other of this.ownerDocument.querySelectorAll(`input[name="${this.name}"]`))
        if (other !== this) checked.set(other, false);
    },
  );
  define(
    "tabIndex",
    function () {
      return Number(this.getAttribute("tabindex") ?? -1);
    },
    function (place) {
      this.setAttribute("tabindex", place);
    },
  );
  define("cells", function () {
    return [...this.children].filter(one => /^t[dh]$/.test(one.localName));
  });
  define("rows", function () {
    return [...this.querySelectorAll("tr")];
  });
  define("tBodies", function () {
    return [...this.querySelectorAll("tbody")];
  });
  define("tHead", function () {
    return this.querySelector("thead");
  });
  const address = one => new URL(one.getAttribute("href") ?? "", owner(one).location.href);
  const links = Object.getOwnPropertyDescriptor(window.HTMLAnchorElement?.prototype ?? {}, "href");
  if (links) delete window.HTMLAnchorElement.prototype.href;
  define(
    "href",
    function () {
      return this.hasAttribute("href") ? address(this).href : "";
    },
    function (to) {
      this.setAttribute("href", to);
    },
  );
  define("pathname", function () {
    return address(this).pathname;
  });
  Object.assign(proto, {
    scrollLeft: 0,
    focus() {
      owner(this).focused = this;
      this.dispatchEvent(new window.Event("focusin", { bubbles: true }));
    },
    scrollIntoView(how) {
      owner(this).shown.push([this, how?.block ?? "start"]);
    },
    checkVisibility() {
      return !this.closest("details:not([open])") && !this.closest("[hidden]");
    },
    getBoundingClientRect() {
      const [left, top, width, height] = ["left", "top", "width", "height"].map(name =>
        Number(this.dataset[name] ?? 0),
      );
      return { left, top, right: left + width, bottom: top + height, width, height };
    },
    getClientRects() {
      return [this.getBoundingClientRect()];
    },
    showPopover() {
      this.popped = true;
    },
    hidePopover() {
      this.popped = false;
    },
    close() {
      this.removeAttribute("open");
    },
    setRangeText(text, from, to) {
      this.value = this.value.slice(0, from) + text + this.value.slice(to);
      this.selectionStart = this.selectionEnd = from + text.length;
    },
    click() {
      if (this.type === "checkbox") this.checked = !this.checked;
      if (this.type === "radio") this.checked = true;
      owner(this).followed.push(this);
      const went = this.dispatchEvent(
        Object.assign(new window.Event("click", { bubbles: true, cancelable: true }), page.keys),
      );
      if (this.localName === "summary" && went) this.parentElement.open = !this.parentElement.open;
      if (this.localName === "button" && this.getAttribute("type") !== "button" && went)
        this.closest("form")?.dispatchEvent(
          new window.Event("submit", { bubbles: true, cancelable: true }),
        );
      return went;
    },
  });
  const text = Object.getPrototypeOf(document.createTextNode(""));
  text.splitText = function (at) {
    const rest = this.ownerDocument.createTextNode(this.data.slice(at));
    this.data = this.data.slice(0, at);
    this.after(rest);
    return rest;
  };
}
const pages = new Map();

// shelf: a Map, what the browser keeps; or null, where it refuses to keep anything.
export function open(html, scripts, how = {}) {
  const { at = "chapters/02_power_laws.html", shelf = new Map(), index = "", imported } = how;
  const window = parseHTML(
    `<!DOCTYPE html><html data-content_root="../" data-theme="dark">${html}</html>`,
  );
  const { document } = window;
  const page = {
    document,
    location: new URL(at, "https://course.example/book/"),
    shelf,
    shown: [], // [element, where in the window]: what was scrolled to
    followed: [], // what was clicked
    copies: [],
    saved: [], // texts of files
    asked: [], // what was to be confirmed
    loaded: [], // scripts that the page asked for
    errors: [],
    keys: {}, // those that are held during a click
    focused: document.body,
  };
  pages.set(document, page);
  complete(window, page);
  Object.defineProperty(document, "activeElement", { get: () => page.focused, configurable: true });
  const byId = document.getElementById.bind(document);
  document.getElementById = id => (id === "" ? null : byId(id));
  document.fonts = { ready: Promise.resolve() };
  document.currentScript = { dataset: { index } };
  document.execCommand = () => how.copies !== false;
  const waiting = {};
  const tell = event => {
    for (const [act, once] of [...(waiting[event.type] ?? [])]) {
      if (once) waiting[event.type] = waiting[event.type].filter(one => one[0] !== act);
      act(event);
    }
  };
  for (const type of ["keydown", "focusin", "click"]) document.addEventListener(type, tell);
  const late = [];
  const observers = [];
  const ranges = new Map();
  const refuse = () => {
    throw new Error("refused");
  };
  const view = { height: 844, offsetTop: 0, addEventListener: (type, act) => (view[type] = act) };
  const world = {
    document,
    location: page.location,
    console: { error: (...words) => page.errors.push(words) },
    addEventListener: (type, act, { once = false } = {}) =>
      (waiting[type] ??= []).push([act, once]),
    dispatchEvent: tell,
    innerHeight: 844,
    scrollX: 0,
    scrollY: 100,
    localStorage: {
      getItem: name => (shelf ? (shelf.get(name) ?? null) : refuse()),
      setItem: (name, text) => (shelf ? shelf.set(name, text) : refuse()),
      removeItem: name => shelf?.delete(name),
    },
    navigator: {
      clipboard: {
        writeText: text =>
          how.copies === false ? Promise.reject(text) : Promise.resolve(page.copies.push(text)),
      },
    },
    matchMedia: () => ({ matches: how.narrow === true }),
    visualViewport: view,
    setTimeout: (act, after) => late.push([act, after]),
    clearTimeout: place => delete late[place - 1],
    confirm: words => {
      page.asked.push(words);
      return how.agrees !== false;
    },
    getSelection: () =>
      how.selection ?? { selectAllChildren: one => page.copies.push(one.textContent) },
    IntersectionObserver: class {
      constructor(act) {
        observers.push(this);
        this.act = act;
        this.watched = new Set();
      }
      observe(one) {
        this.watched.add(one);
      }
      unobserve(one) {
        this.watched.delete(one);
      }
    },
    Blob: class {
      constructor(parts) {
        this.text = parts.join("");
      }
    },
    URL: Object.assign(class extends URL {}, {
      createObjectURL: ({ text }) => {
        page.saved.push(text);
        return `data:text/javascript,${encodeURIComponent(text)}`;
      },
      revokeObjectURL: () => page.saved.push(null),
    }),
    Highlight: class extends Set {},
    StaticRange: class {
      constructor(range) {
        Object.assign(this, range);
      }
    },
    CSS: { highlights: ranges },
    NodeFilter: { SHOW_TEXT: 4 },
    Node: { ELEMENT_NODE: 1 },
    imported,
    ...Object.fromEntries(
      ["CustomEvent", "Event", "MutationObserver"].map(name => [name, window[name]]),
    ),
    ...Object.fromEntries(
      Object.entries({ Intl, URLSearchParams, atob, structuredClone, DataView, Uint8Array }),
    ),
  };
  vm.createContext(world);
  for (const script of scripts) vm.runInContext(script, world);

  // ---- what a reader, and the browser, does ----
  const all = (selector, within = document) => [...within.querySelectorAll(selector)];
  const one = (selector, within) => all(selector, within)[0] ?? null;
  const button = (words, within) => all("button", within).find(it => it.textContent === words);
  const event = (type, more) => Object.assign(new window.Event(type, { bubbles: true }), more);
  const crossed = ({ watched }, elements, isIntersecting) =>
    elements.filter(one => watched.has(one)).map(target => ({ target, isIntersecting }));
  return Object.assign(page, {
    world,
    view,
    all,
    one,
    button,
    text: selector => one(selector)?.textContent.replace(/\s+/g, " ").trim(),
    tell: (type, more) => tell({ type, ...more }),
    type(field, text) {
      field.value = text;
      field.dispatchEvent(event("input"));
    },
    change: field => field.dispatchEvent(event("change")),
    press: (key, more = {}, target = page.focused) => {
      const pressed = event("keydown", { key, ...more, kept: true });
      pressed.preventDefault = () => (pressed.kept = false);
      target.dispatchEvent(pressed);
      return pressed.kept; // by the browser
    },
    near: (...elements) => {
      for (const seen of observers) seen.act(crossed(seen, elements, true));
    },
    gone: (...elements) => {
      for (const seen of observers) seen.act(crossed(seen, elements, false));
    },
    waits: () => late.filter(Boolean).map(([, after]) => after),
    wait: () => late.splice(0).forEach(due => due?.[0]()),
    rest: () => new Promise(done => setImmediate(done)),
    go(hash) {
      page.location.hash = hash;
      tell({ type: "hashchange" });
    },
    kept: () => JSON.parse(shelf.get("scalinglib.answers")),
    coloured: () =>
      Object.fromEntries(
        [...ranges].map(([name, found]) => [
          name.replace("code-", ""),
          [...found].map(({ startContainer: { data }, startOffset, endOffset }) =>
            data.slice(startOffset, endOffset),
          ),
        ]),
      ),
  });
}
