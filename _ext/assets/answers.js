// Answering on a page without a kernel: answer boxes, questions, guesses before a picture, and the reader's progress.
// Boxes hold expressions and messages, made from scalinglib.checks when the site is built; calc.js reads and judges.
// What the reader does is kept in localStorage; nothing is sent. A classic script, so that pages work from a file.
(() => {
  "use strict";

  // ---- the three outcomes ------------------------------------------------------------------------------------------
  const calc = globalThis.scalinglibCalc;
  let pad; // the page's scratchpad
  const blank = text => ["", "...", "…"].includes(text.trim());
  const outcome = (status, message) => ({ status, message, lines: [] });

  // What a field may name: the box's own parameters and columns first, then what the scratchpad knows.
  const namesFor = spec => new Map([...(pad?.names() ?? []), ...calc.known(spec)]);

  // What a field holds, or what is wrong with it.
  function readField(text, unit, spec = {}) {
    try {
      return calc.read(text, unit, namesFor(spec), pad?.laws);
    } catch (error) {
      if (!(error instanceof calc.CalcError)) throw error;
      return { value: NaN, words: error.message };
    }
  }

  // The place of an option by its name, or by its place as an earlier page kept it; else -1.
  function placeOf(options, kept) {
    const place = options.findIndex(([name]) => name === kept);
    return place < 0 && /^\d$/.test(kept) && options[kept] ? Number(kept) : place;
  }

  // entries: the texts typed, one for each part; for a choice the name of the option chosen
  function judge(spec, entries) {
    if (spec.options) {
      const chosen = placeOf(spec.options, entries[0]);
      if (chosen < 0) return outcome("not attempted", "choose one first");
      return chosen === spec.right
        ? outcome("right", spec.praise)
        : outcome("not yet", spec.options[chosen][1]);
    }
    const typed = [];
    for (const [place, { name, unit }] of spec.parts.entries()) {
      const single = "answer" in spec;
      const text = entries[place] ?? "";
      if (blank(text))
        return outcome("not attempted", single ? "type a number first" : `${name} is still open`);
      const found = readField(text, unit, spec);
      if (found.words) return outcome("not yet", single ? found.words : `${name}: ${found.words}`);
      typed.push(found);
    }
    return calc.judge(spec, typed);
  }

  // What is remembered of a try: with the same parameters, what was right stays right.
  function tried(known, key, status, entries) {
    const same = known.key === key;
    const tries = (same ? (known.tries ?? 0) : 0) + 1;
    return same && known.status === "right" ? { tries } : { key, status, entries, tries };
  }

  globalThis.scalinglibAnswers = { judge, tried }; // for the tests, which run this file in node
  if (!globalThis.document) return;

  // ---- what is remembered ------------------------------------------------------------------------------------------
  const SHELF = "scalinglib.answers",
    KINDS = ["exercises", "questions", "guesses"];
  let memory = clean({}),
    keeps = true;

  // Only what has the right form: the shelf and a loaded file may hold anything.
  function clean(data) {
    const pads = Object.entries(data?.pads ?? {}).filter(([, text]) => typeof text === "string");
    const kept = { open: data?.open === true, pads: Object.fromEntries(pads) };
    for (const kind of KINDS) {
      const records = Object.entries(data?.[kind] ?? {});
      kept[kind] = Object.fromEntries(
        records.filter(
          ([id, record]) =>
            /^\d\d(-[a-z0-9]+)+$/.test(id) &&
            Object(record) === record &&
            ["entries", "chosen"].every(name => !(name in record) || Array.isArray(record[name])),
        ),
      );
    }
    return kept;
  }
  // Storage may be refused (private windows, some browsers' files): then the page remembers until it is left.
  function recall() {
    try {
      memory = clean(JSON.parse(localStorage.getItem(SHELF)));
    } catch (error) {
      keeps = error instanceof SyntaxError;
    }
    return memory;
  }
  function store(data) {
    memory = data;
    try {
      localStorage.setItem(SHELF, JSON.stringify(data));
    } catch {
      keeps = false;
    }
    refresh();
  }
  function remember(kind, id, record) {
    const data = recall();
    store({ ...data, [kind]: { ...data[kind], [id]: { ...data[kind][id], ...record } } });
  }
  // of the scratchpad, by the last two parts of the page's address
  const PAGE = location.pathname.split("/").slice(-2).join("/");
  function keep(text) {
    const data = recall();
    store({ ...data, pads: { ...data.pads, [PAGE]: text || undefined } });
  }
  const watching = [];
  const refresh = () => watching.forEach(redraw => redraw());

  // ---- small parts -------------------------------------------------------------------------------------------------
  let count = 0;
  const fresh = () => `sl-${++count}`;
  const all = (selector, within = document) => [...within.querySelectorAll(selector)];
  const parsed = selector => JSON.parse(all(selector)[0]?.textContent ?? "null");

  function make(tag, attributes = {}, ...children) {
    const element = document.createElement(tag);
    for (const [name, value] of Object.entries(attributes))
      if (typeof value === "function") element.addEventListener(name, value);
      else if (value !== false) element.setAttribute(name, value === true ? "" : value);
    element.append(...children);
    return element;
  }
  const button = (text, click) => make("button", { type: "button", click }, text);
  const strong = text => make("strong", {}, text);
  // `code` between backticks
  const rich = text =>
    text.split("`").map((piece, place) => (place % 2 ? make("code", {}, piece) : piece));
  const sentence = text => (/[.?!]$/.test(text) ? text : `${text}.`);
  // A live region speaks only when it changes: the same words again are said again.
  const say = (region, ...parts) => region.replaceChildren(make("span", {}, ...parts));

  function shown(value, digits) {
    const size = Math.abs(value);
    if (size >= 1e15 || (size > 0 && size < 1e-4))
      return value.toExponential(digits - 1).replace(/\.?0*e\+?/, "e");
    const form = { maximumSignificantDigits: digits };
    if (size >= 1e6) Object.assign(form, { notation: "compact", compactDisplay: "long" });
    return new Intl.NumberFormat("en-GB", form).format(value);
  }

  // ---- answer boxes ------------------------------------------------------------------------------------------------
  function drawBox(place, spec) {
    const id = place.dataset.id,
      own = () => recall().exercises[id] ?? {};
    const before = own().key === spec.key ? own() : {};
    const fields = spec.options
      ? []
      : spec.parts.map((part, index) =>
          numberField(
            [
              ...("answer" in spec ? ["Your answer, "] : []),
              make("code", {}, spec.answer ?? part.name),
            ],
            part.unit,
            before.entries?.[index],
            spec,
            part.why ? `${part.digits} digits: ${part.why}` : "",
          ),
        );
    const radios = (spec.options ?? []).map(([name], index) =>
      radio(id, name, name, index === placeOf(spec.options, before.entries?.[0])),
    );
    const entries = () =>
      spec.options
        ? radios.filter(one => one.input.checked).map(one => one.input.value)
        : fields.map(one => one.input.value);
    const said = make("div", { class: "sl-said", role: "status" });
    const hints = hintsBelow(place);
    const more = button("One more hint", () => {
      const next = hints.find(one => !one.open);
      if (next) next.open = true;
      next?.querySelector("summary").focus();
    });

    // each part of an answer has its own line
    function tell({ status, message, lines }) {
      place.dataset.status = status;
      say(
        said,
        strong(status === "so far" ? "Nearly:" : `${status[0].toUpperCase()}${status.slice(1)}:`),
        " ",
        ...(lines.length > 1
          ? [make("ul", {}, ...lines.map(words => make("li", {}, ...rich(sentence(words)))))]
          : rich(sentence(message))),
      );
    }
    // what was said is not about what is being typed
    function unsaid() {
      delete place.dataset.status;
      said.replaceChildren();
    }
    function check(event) {
      event.preventDefault();
      const verdict = judge(spec, entries());
      tell(verdict);
      for (const field of fields) field.read(true);
      if (verdict.status !== "not attempted")
        remember("exercises", id, tried(own(), spec.key, verdict.status, entries()));
    }
    for (const hint of hints)
      hint.addEventListener("toggle", () => {
        const open = hints.filter(one => one.open).length;
        if (open > (own().hints ?? 0)) remember("exercises", id, { hints: open });
        more.hidden = open === hints.length;
      });

    place.append(
      make(
        "form",
        { submit: check, input: unsaid, novalidate: true },
        together("Your answer", [...fields, ...radios]),
        make(
          "p",
          { class: "sl-buttons" },
          // left by a click the field would say what it read, and move the button away from the pointer
          make("button", { mousedown: event => event.preventDefault() }, "Check"),
          ...(hints.length ? [more] : []),
        ),
      ),
      said,
    );
    if (before.entries) tell(judge(spec, entries()));
  }

  const together = (name, fields) =>
    fields.length === 1
      ? fields[0].row
      : make("fieldset", {}, make("legend", {}, name), ...fields.map(one => one.row));

  // A field takes arithmetic, and says what it read; what it cannot read it says when it is left.
  function numberField(label, unit, typed, spec, wanted = "") {
    const id = fresh();
    const input = make("input", {
      type: "text",
      id,
      autocomplete: "off",
      autocapitalize: "off",
      spellcheck: "false",
      "aria-describedby": `${id}-read`,
    });
    const echo = make("span", { id: `${id}-read`, class: "sl-echo" });
    const read = left => {
      const { value, said, words } = blank(input.value) ? {} : readField(input.value, unit, spec);
      const plain = value === undefined || String(value) === input.value.trim();
      echo.textContent = words
        ? left
          ? words
          : ""
        : said || (plain ? wanted : `read as ${shown(value, 6)}`);
    };
    input.value = typeof typed === "string" ? typed : "";
    input.addEventListener("input", () => read(false));
    input.addEventListener("change", () => read(true));
    read(false);
    return {
      input,
      read,
      row: make(
        "p",
        {},
        make("label", { for: id }, ...label),
        input,
        unit ? make("span", {}, unit) : "",
        echo,
      ),
    };
  }

  function radio(group, name, value, checked = false) {
    const id = fresh();
    const input = make("input", { type: "radio", id, name: `box-${group}`, value });
    input.checked = checked;
    return { input, row: make("p", {}, input, make("label", { for: id }, name)) };
  }

  // the hints that the notebook shows; on the page they stand right below the box
  function hintsBelow(place) {
    const next = place.nextElementSibling;
    return next ? all(".sl-hint details", next) : [];
  }

  // ---- questions ---------------------------------------------------------------------------------------------------
  // A choice is kept by its option's key. Until 2026 it was kept by its place, from 0: the keys of the options of that
  // time are the letters of their places then, wherever they stand now.
  const PLACES = "abcd";
  const keyOf = kept => (typeof kept === "number" ? PLACES[kept] : kept);
  const keysOf = options => options.map((one, place) => one.dataset.key ?? PLACES[place]);

  function drawQuestion(place) {
    const id = place.dataset.id,
      options = all("details", place),
      keys = keysOf(options);
    const said = make("p", { class: "sl-said", role: "status" });
    const words = option => {
      const right = option.hasAttribute("data-right");
      const name = option.querySelector("summary").textContent;
      say(
        said,
        `You chose “${name}”${/[.?!]$/.test(name) ? "" : "."} `,
        strong(right ? "Right." : "Not this one."),
        right ? "" : " Choose again.",
      );
    };
    for (const [index, option] of options.entries())
      option.addEventListener("toggle", () => {
        if (!option.open) return;
        const chosen = recall().questions[id]?.chosen ?? [];
        words(option);
        if (keyOf(chosen.at(-1)) !== keys[index])
          remember("questions", id, { chosen: [...chosen.map(keyOf), keys[index]] });
      });
    place.append(said);
    const last = options[keys.indexOf(keyOf(recall().questions[id]?.chosen?.at?.(-1)))];
    if (last) last.open = true;
  }

  // ---- guesses -----------------------------------------------------------------------------------------------------
  const covers = new Map(); // element -> the guesses that still cover it

  // What would answer a guess: the outputs of the next cells, and all after them up to the next question or heading.
  function answersTo(place) {
    const found = [],
      own = ".sl-ask, .sl-guess, .sl-box, .sl-hint";
    for (
      let it = following(place.closest("div.cell") ?? place, false);
      it;
      it = following(it, found.length > 0)
    ) {
      const asks = it.querySelector(own);
      if (asks && found.length) break;
      if (it.matches("div.cell") && !asks) found.push(...all(".cell_output", it));
      else if (found.length && it.offsetHeight) found.push(it);
    }
    return found;
  }
  function following(element, stay) {
    let it = element;
    while (it && !it.nextElementSibling)
      it = stay || !it.parentElement?.matches("section") ? null : it.parentElement;
    it = it?.nextElementSibling;
    while (it?.matches("section")) it = stay ? null : it.firstElementChild;
    return it;
  }

  function uncover(id) {
    for (const [element, guesses] of covers) {
      guesses.delete(id);
      element.classList.toggle("sl-covered", guesses.size > 0);
    }
  }

  function drawGuess(place) {
    const { id, unit = "", lo = -Infinity, hi = Infinity } = place.dataset;
    const items = all("li", place),
      options = items.map(item => item.textContent),
      keys = keysOf(items);
    const answers = answersTo(place),
      said = make("p", { class: "sl-said", role: "status" });
    const beside = make("p", { class: "sl-yours" });
    const how = place.children[1];
    const fold = place.querySelector("details"); // what came out, where the question knows it
    const cameOut = fold ? rich(all("p", fold)[0].textContent) : ["The answer is below."];
    if (fold) fold.hidden = true;

    const guessed = value =>
      options.length
        ? options[keys.indexOf(keyOf(value))]
        : `${shown(value, 4)}${unit && " "}${unit}`;
    function settle(record, loud) {
      form.remove();
      how.hidden = !options.length; // the options stay to be read, the invitation goes
      uncover(id);
      let words = ["Shown without a guess. ", ...(fold ? cameOut : [])];
      if ("value" in record) {
        const mine = () => ["You said ", strong(guessed(record.value)), ". "];
        words = [...mine(), ...cameOut];
        beside.replaceChildren(...mine());
        answers[0]?.before(beside);
        tellPictures(id, record.value);
      }
      if (loud) say(said, ...words);
      else said.append(...words);
    }
    function commit(event) {
      event.preventDefault();
      const value = options.length
        ? keys[radios.findIndex(one => one.input.checked)]
        : readField(field.input.value, unit).value;
      if (options.length && !value) return say(said, "Choose one first.");
      if (!options.length && !(value >= lo && value <= hi))
        return say(said, `Type ${how.textContent.match(/a number.*(?= before)/)}.`);
      remember("guesses", id, { value });
      settle({ value }, true);
    }
    const field = numberField(["Your guess"], unit),
      radios = options.map((text, index) => radio(id, text, index));
    const form = make(
      "form",
      { submit: commit, novalidate: true },
      together("Your guess", options.length ? radios : [field]),
      make(
        "p",
        { class: "sl-buttons" },
        make("button", {}, "That is my guess"),
        button("Show me", () => {
          remember("guesses", id, { seen: true });
          settle({ seen: true }, true);
        }),
        button("Never cover anything", () => {
          store({ ...recall(), open: true });
          all(".sl-guess").forEach(one => uncover(one.dataset.id));
        }),
      ),
    );
    place.append(form, said);
    const before = recall().guesses[id];
    const still = options.length
      ? keys.includes(keyOf(before?.value))
      : Number.isFinite(before?.value);
    if (before?.seen || still) return settle(before.seen ? { seen: true } : before, false);
    how.hidden = true;
    if (recall().open) return;
    for (const element of answers) {
      covers.set(element, (covers.get(element) ?? new Set()).add(id));
      element.classList.add("sl-covered");
    }
  }

  // Pictures (scalinglib/widgets/ui.js) draw the guess that is about them, from now on.
  function tellPictures(id, value) {
    globalThis.slGuesses = { ...globalThis.slGuesses, [id]: value };
    dispatchEvent(new CustomEvent("slGuesses"));
  }

  // A link into something covered shows it.
  function follow() {
    const target = document.getElementById(decodeURIComponent(location.hash.slice(1)));
    const cover = target?.closest(".sl-covered") ?? target?.querySelector(".sl-covered");
    if (target && cover && !target.matches("section"))
      for (const id of [...covers.get(cover)]) uncover(id);
  }

  // ---- progress ----------------------------------------------------------------------------------------------------
  // `chapter`: exercises (id -> key), functions (how many are for the notebook), questions and guesses (ids)
  function done(chapter) {
    const kept = recall();
    return {
      exercises: Object.entries(chapter.exercises).filter(
        ([id, key]) => kept.exercises[id]?.status === "right" && kept.exercises[id].key === key,
      ).length,
      questions: chapter.questions.filter(id => kept.questions[id]?.chosen?.length).length,
      guesses: chapter.guesses.filter(id => kept.guesses[id] && "value" in kept.guesses[id]).length,
    };
  }
  const forEach = of => Object.fromEntries(KINDS.map(kind => [kind, of(kind)]));
  const size = chapter => forEach(kind => Object.keys(chapter[kind]).length);
  const NOUNS = {
    exercises: ["exercise", "right"],
    questions: ["question", "answered"],
    guesses: ["guess", "made"],
  };

  function inWords(got, of) {
    return KINDS.filter(kind => of[kind])
      .map(kind => {
        const [noun, verb] = NOUNS[kind];
        return `${got[kind]} of ${of[kind]} ${of[kind] === 1 ? noun : kind} ${verb}`;
      })
      .join(", ");
  }

  function chapterLine(boxes) {
    const ids = selector => all(selector).map(one => one.dataset.id);
    const chapter = {
      exercises: Object.fromEntries(Object.entries(boxes).map(([id, spec]) => [id, spec.key])),
      questions: ids(".sl-ask"),
      guesses: ids(".sl-guess"),
    };
    const line = make("p", { class: "sl-progress" });
    const heading = all("#exercises > h2")[0] ?? all("main h1")[0];
    const alone = all(".sl-box").length - Object.keys(boxes).length;
    const redraw = () => {
      line.textContent =
        `On this page: ${inWords(done(chapter), size(chapter))}.` +
        (alone ? ` ${alone} more exercise${alone === 1 ? " is" : "s are"} for the notebook.` : "");
    };
    heading?.after(line);
    return redraw;
  }

  // Its parts stand in the page (_ext/answers.py); what needs a script is hidden until here.
  function coursePanel(place, chapters) {
    const [total] = all("p", place),
      [lost, work] = all("[hidden]", place),
      [said] = all("[role=status]", work),
      [file, open] = all("input", work),
      [saver, eraser] = all("button", work),
      bars = all("td:last-child", place);
    work.hidden = false;
    saver.addEventListener("click", save);
    eraser.addEventListener("click", erase);
    file.addEventListener("change", load);
    open.addEventListener("change", () => store({ ...recall(), open: open.checked }));

    function redraw() {
      const got = chapters.map(done),
        of = chapters.map(size);
      const sum = counts => forEach(kind => counts.reduce((t, one) => t + one[kind], 0));
      total.replaceChildren(strong(inWords(sum(got), sum(of))), ".");
      lost.hidden = keeps;
      bars.forEach((bar, k) => {
        const [value, max] = [got[k], of[k]].map(counts =>
          KINDS.reduce((t, kind) => t + counts[kind], 0),
        );
        bar.replaceChildren(
          make("progress", { value, max, "aria-label": inWords(got[k], of[k]) }),
          ` ${value} of ${max}`,
        );
      });
      open.checked = recall().open;
    }
    function save() {
      const url = URL.createObjectURL(
        new Blob([JSON.stringify(recall(), null, 1)], { type: "application/json" }),
      );
      make("a", { href: url, download: "scaling-laws-answers.json" }).click();
      setTimeout(() => URL.revokeObjectURL(url), 1000);
    }
    async function load() {
      const loaded = await file.files[0].text().then(JSON.parse).catch(String);
      file.value = "";
      const mine = recall(),
        other = clean(loaded),
        found = KINDS.flatMap(kind => Object.keys(other[kind])).length;
      if (!found) return say(said, "No answers in that file.");
      for (const [id, record] of Object.entries(mine.exercises))
        if (record.status === "right") other.exercises[id] = record;
      store({
        open: mine.open,
        pads: { ...other.pads, ...mine.pads },
        ...forEach(kind => ({ ...mine[kind], ...other[kind] })),
      });
      say(said, `Read ${found} answers.`);
    }
    function erase() {
      if (!confirm(eraser.title)) return;
      store(clean({}));
      dispatchEvent(new Event("erased")); // navigation.js keeps the place
      say(said, "Erased.");
    }

    return redraw;
  }

  // ---- the page ----------------------------------------------------------------------------------------------------
  const parts = { all, button, keep, kept: () => recall().pads[PAGE], make, parsed, say };
  pad = globalThis.scalinglibPad(parts);
  const boxes = parsed("script.sl-boxes")?.boxes ?? {};
  for (const place of all(".sl-box")) {
    const box = boxes[place.dataset.id];
    if (box) drawBox(place, calc.unveiled(box, box.key));
  }
  all(".sl-ask").forEach(drawQuestion);
  all(".sl-guess").forEach(drawGuess);
  const [course] = all(".sl-course");
  if (course) watching.push(coursePanel(course, parsed("script.sl-course-data")));
  else if (all(".sl-ask, .sl-box, .sl-guess")[0]) watching.push(chapterLine(boxes));
  refresh();
  follow();
  addEventListener("hashchange", follow);
  addEventListener("pageshow", event => event.persisted && refresh()); // back from another page
  addEventListener("storage", refresh); // another tab
})();
