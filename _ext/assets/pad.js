// The scratchpad, a calculator on every page; and the tables under exercises, which are its columns.
// calc.js reads and works out the lines. They are kept in localStorage, page by page: a line may use a column that only
// its own page has, and a name from one chapter changes nothing in another. Nothing is sent.
(() => {
  "use strict";
  const calc = globalThis.scalinglibCalc;
  const SHELF = "scalinglib.pad";
  const MOST = 20000; // characters that are kept of a page
  const PAGE = location.pathname.split("/").slice(-2).join("/");

  const all = (selector, within = document) => [...within.querySelectorAll(selector)];
  const parsed = selector => JSON.parse(document.querySelector(selector)?.textContent ?? "{}");
  function make(tag, attributes = {}, ...children) {
    const element = document.createElement(tag);
    for (const [name, value] of Object.entries(attributes))
      if (typeof value === "function") element.addEventListener(name, value);
      else if (value !== false) element.setAttribute(name, value === true ? "" : value);
    element.append(...children);
    return element;
  }
  const button = (text, click, more = {}) =>
    make("button", { type: "button", click, ...more }, text);
  // a live region speaks only when it changes: the same words again are said again
  const say = (region, text) => region.replaceChildren(make("span", {}, text));

  // Storage may be refused or hold anything: then lines last until the page is left.
  function shelf() {
    try {
      const kept = JSON.parse(localStorage.getItem(SHELF));
      return new Map(Object.entries(kept ?? {}).filter(([, text]) => typeof text === "string"));
    } catch {
      return new Map();
    }
  }
  function keep(text) {
    const kept = shelf();
    if (text) kept.set(PAGE, text.slice(0, MOST));
    else kept.delete(PAGE);
    try {
      localStorage.setItem(SHELF, JSON.stringify(Object.fromEntries(kept)));
    } catch {
      // as above
    }
  }

  // Pages opened from a file have no clipboard of their own: there the old way.
  async function copied(text) {
    try {
      await navigator.clipboard.writeText(text);
      return true;
    } catch {
      const area = make("textarea", {});
      area.value = text;
      document.body.append(area);
      area.select();
      const done = document.execCommand("copy");
      area.remove();
      return done;
    }
  }

  // ---- the page's data ---------------------------------------------------------------------------------------------
  // Where two exercises give one name two values it means neither; each knows its own in its own fields.
  function given() {
    const names = new Map();
    const boxes = Object.values(parsed("script.sl-boxes").boxes ?? {});
    for (const [name, value] of boxes.flatMap(box => Object.entries(box.given ?? {})))
      names.set(name, !names.has(name) || String(names.get(name)) === String(value) ? value : null);
    return new Map([...names].filter(([, value]) => value !== null));
  }
  // The build writes a column's name into its head where all of it is numbers.
  function columns() {
    const found = new Map();
    for (const table of all(".sl-data table")) {
      const rows = all("tbody tr", table).map(row => all("th, td", row));
      all("thead th", table).forEach((head, k) => {
        if (head.dataset.name)
          found.set(
            head.dataset.name,
            rows.map(row => Number(row[k].textContent)),
          );
      });
    }
    return found;
  }
  const csv = table =>
    all("tr", table)
      .map(row =>
        all("th, td", row)
          .map(cell => quoted(cell.textContent))
          .join(","),
      )
      .join("\n");
  const quoted = text => (/[",\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text);

  function giveCopies() {
    for (const place of all(".sl-data")) {
      const said = make("span", { class: "sl-copied", role: "status" });
      const copy = async () =>
        say(
          said,
          (await copied(csv(place.querySelector("table")))) ? "Copied." : "This browser refuses.",
        );
      place.append(make("p", {}, button("Copy as CSV", copy), said));
    }
  }

  // ---- a result ----------------------------------------------------------------------------------------------------
  function shown(value) {
    const size = Math.abs(value);
    if (Number.isInteger(value) && size < 1e9) return String(value);
    if (size && (size >= 1e9 || size < 1e-4))
      return value.toExponential(5).replace(/\.?0*e\+?/, "e");
    return String(Number(value.toPrecision(6)));
  }
  function inWords(value) {
    if (value === null || value === undefined) return "";
    if (value instanceof Error) return value.message;
    if (!Array.isArray(value)) return Number.isFinite(value) ? shown(value) : "no number";
    const more = value.length > 4 ? `; … ${value.length} in all` : "";
    return value.slice(0, 4).map(shown).join("; ") + more;
  }

  // ---- the pad -----------------------------------------------------------------------------------------------------
  const HELP =
    "+ − × / ^, ln, log2, log10, exp, sqrt, abs. Of columns: mean, sd, median, sum, count, min, max, slope(x, y), " +
    "intercept(x, y). solve(x, from, to, what is 0 there). Units: thousand to trillion, %, FLOPs, exaFLOPs, " +
    "PF-days, kWh, MWh, nats, bits. # begins a remark. What you name here can be typed into the fields of this page.";

  const laws = new Map(Object.entries(parsed("script.sl-laws")));
  const known = new Map([...given(), ...columns()]);
  const lists = [...known].filter(([, value]) => Array.isArray(value));
  let values = [];
  let names = known;
  let told = "";
  let later;
  let back = null;

  const area = make("textarea", {
    id: "sl-pad-lines",
    rows: 7,
    spellcheck: "false",
    autocapitalize: "off",
    autocomplete: "off",
    wrap: "off",
    placeholder: "One sum a line:\nC = 6*70e9*1.4e12\nC/(1 PF-day)",
    input: () => changed(),
    scroll: () => {
      results.scrollTop = area.scrollTop;
    },
    keyup: () => speak(),
    click: () => speak(),
  });
  const results = make("ol", { "aria-label": "Results, line by line", tabindex: "0" });
  const now = make("p", { class: "sl-pad-now", role: "status" });

  function draw() {
    ({ values, names } = calc.run(area.value.split("\n"), known, laws));
    results.replaceChildren(
      ...values.map(value =>
        make("li", value instanceof Error ? { class: "sl-odd" } : {}, inWords(value)),
      ),
    );
    results.scrollTop = area.scrollTop;
  }
  function changed() {
    draw();
    keep(area.value);
    speak();
  }
  // what the line with the cursor comes to, said when the typing rests
  function speak() {
    clearTimeout(later);
    later = setTimeout(() => {
      const line = area.value.slice(0, area.selectionStart).split("\n").length;
      const words = inWords(values[line - 1]);
      if (`${line} ${words}` === told) return;
      told = `${line} ${words}`;
      say(now, words && `Line ${line}: ${words}`);
    }, 500);
  }
  function write(text) {
    area.setRangeText(text, area.selectionStart, area.selectionEnd, "end");
    area.focus();
    changed();
  }
  const withResults = () =>
    area.value
      .split("\n")
      .map((line, k) => (inWords(values[k]) ? `${line}  # = ${inWords(values[k])}` : line))
      .join("\n");
  const key = (text, words) =>
    button(text, () => write(text), { title: words, "aria-label": `Write ${text}: ${words}` });
  const keys = found => make("p", {}, ...found.flatMap(one => [one, " "]));

  const pad = make(
    "section",
    {
      class: "sl-pad",
      id: "sl-pad",
      "aria-label": "Scratchpad",
      hidden: true,
      keydown: event => event.key === "Escape" && show(false),
    },
    make(
      "p",
      {},
      make("label", { for: "sl-pad-lines" }, "Scratchpad"),
      button("Close", () => show(false)),
    ),
    make("div", {}, area, results),
    now,
    make(
      "p",
      {},
      button("Copy", async () =>
        say(now, (await copied(withResults())) ? "Copied, with results." : "This browser refuses."),
      ),
      button("Clear", () => {
        area.value = "";
        changed();
        area.focus();
      }),
    ),
    make(
      "details",
      {},
      make("summary", {}, "What can be used here"),
      keys(lists.map(([name, list]) => key(name, `a column of ${list.length} numbers`))),
      keys(
        [...laws.keys()].flatMap(law => [
          key(`${law}.loss(`, "its loss at N, D"),
          key(`${law}.optimum(`, "its best N, D for C"),
        ]),
      ),
      make("p", {}, HELP),
    ),
  );
  const opener = button("Scratchpad", () => show(pad.hidden), {
    class: "sl-pad-open",
    title: "A calculator: F2",
    "aria-expanded": "false",
    "aria-controls": "sl-pad",
    "aria-keyshortcuts": "F2",
  });

  function show(open) {
    if (open) back = document.activeElement;
    pad.hidden = !open;
    opener.setAttribute("aria-expanded", String(open));
    fit();
    if (open) area.focus();
    else (back?.isConnected && back !== document.body ? back : opener).focus();
  }
  // A phone's keyboard lies over the foot of the page: the pad stays above it, and lower than what is left.
  function fit() {
    const view = globalThis.visualViewport;
    if (!view || pad.hidden) return;
    const under = Math.max(0, innerHeight - view.height - view.offsetTop);
    pad.style.setProperty("--sl-under", `${Math.round(under)}px`);
    pad.style.setProperty("--sl-room", `${Math.round(view.height)}px`);
  }
  // What has the focus stays in sight: the page moves up, and on a phone the pad goes when a field is typed into.
  function makeWay({ target }) {
    if (pad.hidden || pad.contains(target) || target === opener) return;
    if (matchMedia("(max-width: 600px)").matches) {
      if (!target.matches("input[type=text], input[type=search], textarea")) return;
      back = target;
      return show(false);
    }
    const [mine, its] = [pad, target].map(one => one.getBoundingClientRect());
    if (its.bottom > mine.top && its.top < mine.bottom && its.right > mine.left)
      scrollBy(0, its.bottom - mine.top + 16);
  }

  giveCopies();
  area.value = shelf().get(PAGE) ?? "";
  draw();
  document.body.append(opener, pad);
  addEventListener("keydown", event => {
    if (event.key !== "F2" || event.altKey || event.ctrlKey || event.metaKey || event.shiftKey)
      return;
    event.preventDefault();
    show(pad.hidden);
  });
  addEventListener("focusin", makeWay);
  for (const change of ["resize", "scroll"])
    globalThis.visualViewport?.addEventListener(change, fit);

  globalThis.scalinglibPad = {
    laws,
    names: () => names,
    erase() {
      try {
        localStorage.removeItem(SHELF);
      } catch {
        // nothing kept
      }
      area.value = "";
      draw();
    },
  };
})();
