// The scratchpad, a calculator on every page; and the tables under exercises, which are its columns.
// calc.js reads and works out the lines; answers.js calls this with the parts that both are made of, and keeps the lines
// page by page: a line may use a column that only its page has, and a name of one chapter changes nothing in another.
globalThis.scalinglibPad = page => {
  "use strict";
  const { all, button, keep, kept, make, parsed, say } = page;
  const calc = globalThis.scalinglibCalc;

  const copy = (text, region) =>
    navigator.clipboard.writeText(text).then(
      () => say(region, "Copied."),
      () => say(region, "Refused."),
    );

  // ---- the page's data ---------------------------------------------------------------------------------------------
  // Where two exercises give one name two values it means neither; each knows its own in its own fields.
  function given() {
    const names = new Map();
    const boxes = Object.values(parsed("script.sl-boxes")?.boxes ?? {});
    for (const [name, value] of boxes.flatMap(box => [...calc.known(box)]))
      names.set(name, !names.has(name) || String(names.get(name)) === String(value) ? value : null);
    return new Map([...names].filter(([, value]) => value !== null));
  }
  // The build writes a column's name into its head where all of it is numbers.
  function columns() {
    const found = new Map();
    for (const table of all(".sl-data table")) {
      const rows = all("tbody tr", table).map(row => all("th, td", row));
      all("thead th", table).forEach((head, k) => {
        const column = rows.map(row => Number(plain(row[k])));
        // of one row: a value, as the constants of a fitted law are
        if (head.dataset.name) found.set(head.dataset.name, rows[1] ? column : column[0]);
      });
    }
    return found;
  }
  const plain = cell => cell.dataset.is ?? cell.textContent;
  const csv = table =>
    all("tr", table)
      .map(row =>
        all("th, td", row)
          .map(cell => quoted(plain(cell)))
          .join(","),
      )
      .join("\n");
  const quoted = text => (/[",\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text);

  function giveCopies() {
    for (const place of all(".sl-data")) {
      const said = make("span", { class: "sl-copied", role: "status" });
      const press = () => copy(csv(place.querySelector("table")), said);
      place.append(make("p", {}, button("Copy as CSV", press), said));
    }
  }

  // ---- a result ----------------------------------------------------------------------------------------------------
  function shown(value, digits = 6) {
    const size = Math.abs(value);
    if (Number.isInteger(value) && size < 1e9) return String(value);
    if (size && (size >= 1e9 || size < 1e-4))
      return value.toExponential(digits - 1).replace(/\.?0*e\+?/, "e");
    return String(Number(value.toPrecision(digits)));
  }
  function inWords(value) {
    if ((value ?? null) === null) return "";
    if (value instanceof Error) return value.message;
    if (!Array.isArray(value)) return Number.isFinite(value) ? shown(value) : "no number";
    // all of nearly every table; the list scrolls
    const first = value.slice(0, 13).map(one => shown(one, 4));
    return first.join("; ") + (value.length > 13 ? `; … (${value.length})` : "");
  }

  // ---- the pad -----------------------------------------------------------------------------------------------------
  const root = document.documentElement.dataset.content_root ?? "";
  const laws = new Map(Object.entries(parsed("script.sl-laws") ?? {}));
  const known = new Map([...given(), ...columns()]);
  const lists = [...known].filter(([, value]) => Array.isArray(value));
  let values = [];
  let names = known;
  let told;
  let later;
  let back;

  const area = make("textarea", {
    id: "sl-pad-lines",
    maxlength: 20000,
    autocomplete: "off",
    autocapitalize: "off",
    spellcheck: "false",
    wrap: "off",
    placeholder: "C = 6*70e9*1.4e12\nC/(1 PF-day)",
    input: changed,
    scroll: () => {
      results.scrollTop = area.scrollTop;
    },
    keyup: speak,
    click: speak,
  });
  const results = make("ol", { "aria-label": "Results", tabindex: "0" });
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
      const before = told;
      told = words && `Line ${line}: ${words}`;
      if (told !== before) say(now, told);
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
      .map((line, k) => line + inWords(values[k]).replace(/^./, "  # = $&"))
      .join("\n");
  const key = text => button(text, () => write(text));
  const keys = found => make("p", {}, ...found.flatMap(one => [one, " "]));

  const pad = make(
    "section",
    {
      class: "sl-pad",
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
      button("Copy", () => copy(withResults(), now)),
      button("Clear", () => {
        area.value = "";
        changed();
        area.focus();
      }),
    ),
    make(
      "details",
      {},
      make("summary", {}, "Names"),
      keys(lists.map(([name]) => key(name))),
      keys([...laws.keys()].map(law => key(`${law}.`))),
      make(
        "p",
        {},
        "law.loss(N, D), law.optimum(C). ",
        make("a", { href: `${root}chapters/notation.html#scratchpad` }, "Help"),
      ),
    ),
  );
  const opener = make(
    "button",
    {
      type: "button",
      class: "sl-pad-open",
      title: "Calculator: F2",
      "aria-expanded": "false",
      "aria-keyshortcuts": "F2",
      click: () => show(pad.hidden),
    },
    "Scratchpad",
  );

  function show(open) {
    if (open) back = document.activeElement;
    pad.hidden = !open;
    opener.setAttribute("aria-expanded", String(open));
    fit();
    (open ? area : back?.isConnected && back !== document.body ? back : opener).focus();
  }
  // A phone's keyboard lies over the foot of the page: the pad stays above it, and lower than what is left.
  function fit() {
    const view = globalThis.visualViewport;
    if (!view || pad.hidden) return;
    const under = Math.max(0, innerHeight - view.height - view.offsetTop);
    pad.style.setProperty("--sl-under", `${under}px`);
    pad.style.setProperty("--sl-room", `${view.height}px`);
  }
  // On a phone it goes when a field is typed into; on a wider page the style sheet keeps what has the focus in sight.
  function makeWay({ target }) {
    if (pad.hidden || !target.matches("input[type=text]")) return;
    if (!matchMedia("(max-width: 600px)").matches) return;
    back = target;
    show(false);
  }

  giveCopies();
  area.value = kept() ?? "";
  draw();
  document.body.append(opener, pad);
  addEventListener("keydown", event => {
    if (event.key !== "F2" || event.altKey || event.ctrlKey) return;
    event.preventDefault();
    show(pad.hidden);
  });
  addEventListener("focusin", makeWay);
  for (const change of ["resize", "scroll"])
    globalThis.visualViewport?.addEventListener(change, fit);

  return { laws, names: () => names };
};
