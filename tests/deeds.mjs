// What a reader does on a page, and what the page's own scripts do then, without a browser (tests/open_page.mjs).
// In, as `globalThis.job`: {scripts: {name: text}, made: {name: HTML that the library and the build write}}.
// Out, as `said`: {deed: "" or what was wrong}.
import assert from "node:assert/strict";
import { open } from "./open_page.mjs";

const { scripts, made } = globalThis.job;
const deeds = {};
const deed = (name, act) => (deeds[name] = act);
const { deepEqual: same } = assert;
const { reading, navigation, answers, pad, calc, search, widgets, formulas } = scripts;
const openOf = page => page.all("details").map(one => one.open);

// ---- reading.js: folds, print, words, tables, code ---------------------------------------------------------------------

const FOLDS = `<body><main class="bd-article"><p id="plain">a</p>
  <details class="deeper"><summary>A</summary><details><summary>B</summary><p id="deep">b</p></details></details>
  <details class="hide"><summary>C</summary></details><details open><summary>D</summary></details>
  <div class="sl-ask"><details><summary>E</summary></details></div>
  <div class="sl-hint"><details><summary>F</summary></details></div></main></body>`;

deed("a link into a fold opens what is around it, and nothing else", () => {
  const page = open(FOLDS, [reading], { at: "chapters/a.html#deep" });
  same(openOf(page), [true, true, false, true, false, false]);
  same(page.shown, [[page.one("#deep"), "start"]]);
  page.go("#deep"); // open already: the browser has gone there itself
  assert.equal(page.shown.length, 1);
});

deed("a link into a fold of the page that is read opens it too", () => {
  const page = open(FOLDS, [reading]);
  same(openOf(page), [false, false, false, true, false, false]);
  page.go("#plain");
  same(page.shown, []);
  page.go("#deep");
  same(openOf(page).slice(0, 2), [true, true]);
  assert.equal(page.shown.length, 1);
});

deed(
  "on paper folds are open and light, but for code and what answers; after it all is as before",
  () => {
    const page = open(FOLDS, [reading]);
    const { dataset } = page.document.documentElement;
    page.tell("beforeprint");
    same(openOf(page), [true, true, false, true, false, false]);
    assert.equal(dataset.theme, "light");
    page.tell("afterprint");
    same(openOf(page), [false, false, false, true, false, false]);
    assert.equal(dataset.theme, "dark");
  },
);

deed("on paper stands what was typed or chosen", () => {
  const page = open(
    `<body><div class="sl-box"><input type="text" value="12"><input type="text" value=""><input type="text" value="7">
     </div><div class="sl-box"><input type="text" value=""></div>
     <div class="sl-guess"><p class="sl-said">You said <strong>3 times</strong>.</p></div></body>`,
    [reading],
  );
  page.tell("beforeprint");
  same(
    page.all("[data-typed]").map(one => one.dataset.typed),
    ["12; 7", "", "3 times"],
  );
});

const WORDS = `<body data-room="390"><p><a href="glossary.html#term-floor" title="What no size removes." data-left="300"
  data-top="50" data-height="20">floor</a> <a href="glossary.html#term-nat" title="A unit." data-left="3">nat</a>
  <a href="glossary.html#term-x">x</a> <a href="other.html" title="t">y</a></p></body>`;

function asked(word, how = {}) {
  const page = open(WORDS, [reading]);
  page.document.documentElement.dataset.room = 390;
  Object.assign(page.keys, how);
  const link = page.all("a").find(one => one.textContent === word);
  const followed = link.click();
  return { page, link, followed, meaning: page.one(".meaning") };
}

deed("a word of the glossary tells its meaning where it stands", () => {
  const { page, link, followed, meaning } = asked("floor");
  assert(!followed && meaning.popped && link.nextElementSibling === meaning);
  assert.equal(meaning.textContent, "What no size removes. Glossary");
  assert(page.one("a", meaning).href.endsWith("/glossary.html#term-floor"));
  same(
    [meaning.getAttribute("aria-label"), meaning.getAttribute("role") ?? meaning.role],
    ["floor", "dialog"],
  );
  same([meaning.style.left, meaning.style.top], ["300px", "174px"]);
  assert.equal(page.focused, meaning);
  page.press("a");
  assert(meaning.popped);
  page.press("Escape");
  assert(!meaning.popped);
});

deed("a meaning stays within the page", () => {
  assert.equal(asked("nat").meaning.style.left, "16px");
  const page = open(WORDS, [reading]);
  page.document.documentElement.dataset.room = 390;
  page.all("a")[1].click();
  page.one(".meaning").dataset.width = 200;
  page.all("a")[0].click();
  assert.equal(page.one(".meaning").style.left, "174px");
});

deed("a click with a key held, and other links, lead away", () => {
  for (const key of ["ctrlKey", "metaKey", "shiftKey"]) {
    const { followed, meaning } = asked("floor", { [key]: true });
    assert(followed && !meaning, key);
  }
  for (const word of ["x", "y"]) assert(asked(word).followed, word);
});

const table = (rooms, heads, cells) =>
  `<body><div class="bd-content"><div class="cell_output"><div class="text_html" data-room="${rooms[0]}"
   data-width="${rooms[1]}"><table class="dataframe"><thead><tr>${heads
     .map(width => `<th data-width="${width}">h</th>`)
     .join("")}${cells.map(() => "<th>c</th>").join("")}</tr></thead><tbody><tr>${heads
     .map(width => `<th data-width="${width}">h</th>`)
     .join("")}${cells
     .map(([width, named]) => `<td data-width="${width}"${named ? ' class="named"' : ""}>c</td>`)
     .join("")}</tr></tbody></table></div></div></div></body>`;
function wide(...given) {
  const page = open(table(...given), [reading]);
  const place = page.one(".text_html");
  page.near(place);
  const row = page
    .all("tbody tr > *")
    .map(one => [
      one.classList.contains("stays"),
      one.classList.contains("brink"),
      one.style.left || one.style.right || "",
    ]);
  return { page, place, row };
}

deed(
  "what is wider than the page says on which side it goes on, and the keyboard reaches it",
  () => {
    const { place } = wide([300, 500], [80], [[60], [60]]);
    const sides = () => ["more-left", "more-right"].map(name => place.classList.contains(name));
    same([sides(), place.tabIndex], [[false, true], 0]);
    for (const [at, told] of [
      [100, [true, true]],
      [200, [true, false]],
      [0, [false, true]],
    ]) {
      place.scrollLeft = at;
      place.dispatchEvent(new place.ownerDocument.defaultView.Event("scroll"));
      same(sides(), told, `at ${at}`);
    }
    const narrow = wide([300, 300], [80], [[60]]);
    assert(!narrow.place.matches(".more-right") && narrow.place.tabIndex !== 0);
    assert(!narrow.page.one(".stays"));
  },
);

deed("names of rows stay at the left, named columns at the right", () => {
  const { row, page } = wide([300, 500], [50, 40], [[60], [30, true], [20, true]]);
  same(row, [
    [true, false, "0px"],
    [true, true, "50px"],
    [false, false, ""],
    [true, true, "20px"],
    [true, false, "0px"],
  ]);
  same(
    page.all("thead th").map(one => one.classList.contains("stays")),
    [true, true, false, false, false],
  );
});

deed("where too little would be left, the first names go, then the named columns", () => {
  // names of half the screen and more: the second alone
  same(wide([300, 500], [100, 60], [[60]]).row.slice(0, 2), [
    [false, false, ""],
    [true, true, "0px"],
  ]);
  // 50 + 40 + 30 + 60 would fit into 180, not into 179
  const stays = room => wide([room, 500], [50, 40], [[60], [30, true]]).row.map(one => one[0]);
  same(stays(180), [true, true, false, true]);
  same(stays(179), [false, true, false, true]);
  same(stays(129), [false, true, false, false]);
});

deed("a named column that lies over the one before it says so", () => {
  for (const [left, over] of [
    [98, true],
    [99, false],
  ]) {
    const { page, place } = wide([300, 500], [50], [[60], [30, true]]);
    const [before, named] = page.all("td");
    Object.assign(before.dataset, { left: 40 });
    Object.assign(named.dataset, { left });
    page.tell("resize");
    assert.equal(place.classList.contains("goes-under"), over, left);
  }
});

deed("a changed window is measured again", () => {
  const { page, place } = wide([300, 500], [80], [[60]]);
  place.dataset.room = 500;
  page.tell("resize");
  assert(!place.classList.contains("more-right"));
});

const CODE = `<body><div class="bd-content"><div class="highlight-ipython3"><pre id="code" data-room="300"
  data-width="300">for x in range(1_0):  # none 3
    print("if 'a' 5", f'{x}', 2.5e-3, forty)
</pre></div><div class="highlight-none"><pre id="said">for 3</pre></div></div></body>`;

deed("code is coloured when it comes near, and what was printed is not", () => {
  const page = open(CODE, [reading]);
  same(page.coloured(), { comment: [], string: [], keyword: [], number: [] });
  page.gone(page.one("#code"));
  same(page.coloured().keyword, []);
  page.near(page.one("#code"), page.one("#said"));
  same(page.coloured(), {
    comment: ["# none 3"],
    string: [`"if 'a' 5"`, "f'{x}'"],
    keyword: ["for", "in"],
    number: ["1_0", "2.5e-3"],
  });
  page.near(page.one("#code")); // once is enough
  assert.equal(page.coloured().number.length, 2);
  same(
    page.all("button").map(one => one.previousElementSibling.id),
    ["code"],
  );
});

deed("code is copied, and where it cannot be that is said, for two seconds", () => {
  for (const [copies, words] of [
    [true, "Copied"],
    [false, "Press Ctrl+C"],
  ]) {
    const page = open(CODE, [reading], { copies });
    page.near(page.one("#code"));
    const button = page.one("button.copy");
    button.onclick();
    same([button.textContent, page.waits()], [words, [2000]]);
    same(page.copies, [page.one("#code").textContent]);
    page.wait();
    assert.equal(button.textContent, "Copy");
  }
});

// ---- navigation.js: words that a search found, the contents, the way back ----------------------------------------------

const FOUND = `<body><p>loss</p><section id="here"><h2>Loss a</h2><p>A loss, not glossy; LOSS <code>loss</code></p>
  <pre>loss</pre><details><summary>S</summary><p id="in">the exponent c++</p></details></section>
  <dl><dt id="term">nat</dt><dd>a loss</dd></dl></body>`;
const marks = page => page.all("mark").map(one => one.textContent);

deed("words that a search found are marked in their place only, as whole words", () => {
  const page = open(FOUND, [navigation], { at: "chapters/a.html?found=loss~c%2B%2B#here" });
  same(marks(page), ["Loss", "loss", "LOSS", "loss", "c++"]);
  assert(page.text("#here p").startsWith("A loss, not glossy; LOSS loss"));
  assert(!page.one("pre mark"));
  same(marks(open(FOUND, [navigation], { at: "chapters/a.html?found=loss#term" })), ["loss"]);
  same(marks(open(FOUND, [navigation], { at: "chapters/a.html#here" })), []);
  same(marks(open(FOUND, [navigation], { at: "chapters/a.html?found=loss" })), []);
});

deed(
  "the first word below the title comes into sight, once more when the page has its size",
  () => {
    const page = open(FOUND, [navigation], { at: "chapters/a.html?found=loss#here" });
    same(page.shown, []);
    page.tell("load");
    same(page.shown, [[page.all("#here p mark")[0], "center"]]);
    same(page.waits(), [500]);
    page.wait();
    assert.equal(page.shown.length, 2);
  },
);

deed("who has moved meanwhile stays where they are", () => {
  for (const moved of ["wheel", "touchmove", "keydown", "pointerdown"]) {
    const page = open(FOUND, [navigation], { at: "chapters/a.html?found=loss#here" });
    page.tell("load");
    page.tell(moved);
    page.wait();
    assert.equal(page.shown.length, 1, moved);
  }
});

deed("a word in a fold opens the fold where it stands alone", () => {
  const page = open(FOUND, [navigation], { at: "chapters/a.html?found=exponent#here" });
  page.tell("load");
  assert(page.one("details").open);
  assert.equal(page.shown[0][0].textContent, "exponent");
  const other = open(FOUND, [navigation], { at: "chapters/a.html?found=loss~exponent#here" });
  other.tell("load");
  assert(!other.one("details").open);
});

const CONTENTS = `<body><nav class="bd-docs-nav"><a href="#">2 Power laws</a><a href="03_counting.html">3 Counting</a>
  <a href="notation.html">Notation</a></nav><p class="sl-progress">0</p></body>`;
const ASKED = {
  "02_power_laws": { "02-a": "k1", "02-b": "k2", "02-c": "k3" },
  "03_counting": { "03-a": "k4" },
};
const knowing = navigation.replace("{}; // asked", `${JSON.stringify(ASKED)};`);
const kept = exercises => new Map([["scalinglib.answers", JSON.stringify({ exercises })]]);
const small = page =>
  page.all("nav a").map(one => [one.textContent, page.one("small", one)?.title ?? null]);

deed("the contents say where the reader is and how many exercises are right", async () => {
  const shelf = kept({
    "02-a": { status: "right", key: "k1" },
    "02-b": { status: "right", key: "old" },
    "02-c": { status: "not yet", key: "k3" },
  });
  const page = open(CONTENTS, [knowing], { shelf });
  same(
    page.all("[aria-current=page]").map(one => one.textContent),
    ["2 Power laws 1/3"],
  );
  const none = ["3 Counting", ""];
  same(small(page), [["2 Power laws 1/3", "1 of 3 exercises right"], none, ["Notation", null]]);
  shelf.set(
    "scalinglib.answers",
    kept({ "03-a": { status: "right", key: "k4" } }).get("scalinglib.answers"),
  );
  page.tell("storage"); // from another tab
  const [two, three] = small(page);
  same(
    [two, three],
    [
      ["2 Power laws", ""],
      ["3 Counting 1/1", "1 of 1 exercises right"],
    ],
  );
  shelf.set("scalinglib.answers", "{");
  page.document.dispatchEvent(new page.world.Event("DOMContentLoaded"));
  page.one(".sl-progress").textContent = "1"; // answers.js tells of an answer
  await page.rest();
  same(small(page)[1], none);
});

const CHAPTER = `<body><main><article><section id="one"><h2>1.1 First<a>#</a></h2></section><section id="two" data-top="400">
  <h2>1.2 Second</h2></section><section id="three" data-top="423"><h2>1.3 Third</h2></section></article></main></body>`;
const FRONT = `<body><p class="start"><a href="chapters/01_a.html">Start</a></p></body>`;
function front(shelf, at = "index.html") {
  const page = open(FRONT, ["document.documentElement.dataset.content_root = './'", navigation], {
    at,
    shelf,
  });
  return { page, back: page.one(".back") };
}

deed("the front page leads back to where the reader was, until all is erased", () => {
  const shelf = new Map();
  const left = open(CHAPTER, [navigation], { at: "chapters/02_power_laws.html?x#one", shelf });
  left.tell("pagehide");
  same(JSON.parse(shelf.get("scalinglib.place")), {
    page: "chapters/02_power_laws.html",
    id: "two",
    title: "1.2 Second",
  });
  const { page, back } = front(shelf);
  assert.equal(back.textContent, "Continue where you were: 1.2 Second");
  assert.equal(back.href, "https://course.example/book/chapters/02_power_laws.html#two");
  page.tell("pageshow");
  assert.equal(page.all(".back").length, 1);
  page.tell("erased");
  assert(!page.one(".back") && !shelf.has("scalinglib.place"));
});

deed("a page that is no chapter is no place to come back to, nor is what is spoilt", () => {
  const shelf = new Map();
  open(CHAPTER, [navigation], { at: "chapters/notation.html", shelf }).tell("pagehide");
  assert.equal(shelf.size, 0);
  for (const page of ["javascript:alert(1)", "https://a.b/chapters/01_a.html", 3, undefined])
    assert(
      !front(new Map([["scalinglib.place", JSON.stringify({ page, id: "x", title: "T" })]])).back,
      page,
    );
  assert(!front(new Map([["scalinglib.place", "{"]])).back);
  assert(!front(null).back);
});

deed("a title is kept without the sign of its link", () => {
  const shelf = new Map();
  const page = open(CHAPTER, [navigation], { at: "chapters/02_power_laws.html", shelf });
  page.one("#two").dataset.top = 422; // half of the window is not above half of the window
  page.tell("pagehide");
  same(JSON.parse(shelf.get("scalinglib.place")).title, "1.1 First");
});

deed("a place chosen in the contents closes their dialog", () => {
  const page = open(
    `<body><dialog open><a href="#x"><b>x</b></a><a href="b.html">b</a></dialog><a href="#y">y</a></body>`,
    [navigation],
  );
  const [inside, away, below] = page.all("a");
  below.click();
  away.click();
  assert(page.one("dialog").hasAttribute("open"));
  page.one("b", inside).click();
  assert(!page.one("dialog").hasAttribute("open"));
});

deed("the button of the contents names the last section in sight", () => {
  const page = open(
    `<body><button class="secondary-toggle"><span class="sl-here">On this page</span></button><article><section>
     <section id="a"><h2>2.1 A#</h2><section id="in"></section></section><section id="b"><h2>2.2 B</h2></section>
     </section></article></body>`,
    [navigation],
  );
  const [a, b, here] = ["#a", "#b", ".sl-here"].map(one => page.one(one));
  page.near(a, page.one("#in"));
  assert.equal(here.textContent, "2.1 A");
  page.near(b);
  assert.equal(here.textContent, "2.2 B");
  page.gone(b);
  assert.equal(here.textContent, "2.1 A");
  page.gone(a);
  assert.equal(here.textContent, "On this page");
});

// ---- answers.js: what a guess covers, progress --------------------------------------------------------------------------

const cell = (inside, id = "") => `<div class="cell"${id && ` id="${id}"`}>${inside}</div>`;
const output = (id, height = 1) =>
  `<div class="cell_output" id="${id}" data-height="${height}"></div>`;
const LESSON = `<body><main><section><h1>Title</h1><section id="part"><h2>2.1</h2>${cell(output("before"))}
  ${cell(made.number, "guess")}<p id="leads" data-height="1">Now look.</p>${cell(output("out") + output("more"))}
  <p id="told" data-height="1">It fell.</p><p id="empty"></p>${cell(output("later"))}${cell(made.question)}
  ${cell(output("after"))}</section><section id="next" data-height="1"><h2>2.2</h2>${cell(output("far"))}</section>
  </section></main></body>`;
const answering = [calc, pad, answers];
const lesson = (html = LESSON, how = {}) => open(html, answering, how);
const covered = page => page.all(".sl-covered").map(one => one.id);
const guess = (page, text) => {
  page.type(page.one(".sl-guess input"), text);
  page.button("That is my guess").click();
};
const COVERED = ["out", "more", "told", "later"];

deed("a guess covers what would answer it, up to the next question", () => {
  same(covered(lesson()), COVERED);
  const far = LESSON.replace(made.question, "").replace(output("after"), "");
  same(covered(lesson(far)), COVERED, "not beyond the section");
  // without outputs of its own part: the next part's first
  const none = LESSON.replace(/<p id="leads[\s\S]*(?=<\/section><section id="next")/, "");
  same(covered(lesson(none)), ["far"]);
});

deed("a guess uncovers it, stands beside it, and is told to the pictures", async () => {
  const page = lesson();
  const told = [];
  page.world.addEventListener("slGuesses", () => told.push({ ...page.world.slGuesses }));
  guess(page, "3");
  same(covered(page), []);
  assert.equal(page.text(".sl-guess .sl-said"), "You said 3 times. It is 1.9.");
  assert(page.one("#out").previousElementSibling.matches(".sl-yours"));
  assert.equal(page.text(".sl-yours"), "You said 3 times.");
  same(told, [{ "02-times": 3 }]);
  assert(!page.one(".sl-guess form") && page.one(".sl-guess").children[1].hidden);
  assert(page.one(".sl-guess details").hidden);
  same(page.kept().guesses, { "02-times": { value: 3 } });
  const again = lesson(LESSON, { shelf: page.shelf });
  same(covered(again), []);
  assert.equal(again.text(".sl-guess .sl-said"), "You said 3 times. It is 1.9.");
  assert.equal(
    again.text(".sl-progress"),
    "On this page: 0 of 1 question answered, 1 of 1 guess made.",
  );
});

deed("a guess out of its range, or none, is asked for again", () => {
  for (const [text, right] of [
    ["11", false],
    ["10", true],
    ["0", true],
    ["-1", false],
    ["", false],
    ["x", false],
  ]) {
    const page = lesson();
    guess(page, text);
    same(covered(page), right ? [] : COVERED, text);
    if (!right) {
      assert.equal(page.text(".sl-said"), "Type a number of times from 0 to 10.");
      assert(!page.shelf.size);
    }
  }
});

deed("a guess is repeated as a person writes it", () => {
  const html = LESSON.replace('data-hi="10"', 'data-unit="tokens"');
  for (const [text, words] of [
    ["1e15", "1e15 tokens"],
    ["2.5e9", "2.5 billion tokens"],
    ["1e6", "1 million tokens"],
    ["123456", "123,500 tokens"],
    ["0.0001", "0.0001 tokens"],
    ["0.00002345", "2.345e-5 tokens"],
    ["0", "0 tokens"],
  ]) {
    const page = lesson(html.replace('data-unit="times" ', ""));
    guess(page, text);
    assert.equal(page.text(".sl-yours"), `You said ${words}.`);
  }
});

deed("who only looks has made no guess", () => {
  const page = lesson();
  page.button("Show me").click();
  same(covered(page), []);
  assert.equal(page.text(".sl-guess .sl-said"), "Shown without a guess. It is 1.9.");
  same(page.kept().guesses, { "02-times": { seen: true } });
  const again = lesson(LESSON, { shelf: page.shelf });
  assert.equal(
    again.text(".sl-progress"),
    "On this page: 0 of 1 question answered, 0 of 1 guess made.",
  );
  same(covered(again), []);
  assert(!again.one(".sl-guess form"));
});

deed("who never wants anything covered is asked all the same", () => {
  const page = lesson();
  page.button("Never cover anything").click();
  same(covered(page), []);
  const again = lesson(LESSON, { shelf: page.shelf });
  same([covered(again), again.kept().open], [[], true]);
  assert(again.one(".sl-guess form"));
});

deed("one of several is guessed, named, and known after a change of their order", () => {
  const html = `<body><main><h1>T</h1>${cell(made.choice)}${cell(output("out"))}</main></body>`;
  const page = lesson(html);
  page.button("That is my guess").click();
  assert.equal(page.text(".sl-guess .sl-said"), "Choose one first.");
  same(covered(page), ["out"]);
  page.all(".sl-guess input")[1].click();
  page.button("That is my guess").click();
  assert.equal(page.text(".sl-guess .sl-said"), "You said down. The answer is below.");
  assert(!page.one(".sl-guess ol").hidden);
  same(page.kept().guesses, { "02-way": { value: "a" } });
  const text = value => {
    const shelf = new Map([
      ["scalinglib.answers", JSON.stringify({ guesses: { "02-way": { value } } })],
    ]);
    return lesson(html, { shelf }).text(".sl-guess .sl-said");
  };
  same(
    [text("c"), text(0), text("d")],
    ["You said up. The answer is below.", "You said down. The answer is below.", ""],
  );
});

deed("two guesses that cover the same are both asked", () => {
  const html = LESSON.replace(cell(output("before")), cell(made.choice));
  const page = lesson(html);
  assert(covered(page).includes("out"));
  page.all(".sl-guess")[0].querySelectorAll("input")[0].click();
  page
    .all("button")
    .filter(one => one.textContent === "That is my guess")[0]
    .click();
  same(covered(page), COVERED);
});

deed("a link into what is covered shows it, a link to its section does not", () => {
  const at = hash =>
    covered(
      lesson(
        LESSON.replace(
          output("later"),
          `<div class="cell_output" id="later"><b id="in"></b></div>`,
        ),
        { at: `chapters/02_power_laws.html${hash}` },
      ),
    );
  same(at("#in"), []);
  same(at("#told"), []);
  same(at("#part"), COVERED);
  same(at("#before"), COVERED);
  const page = lesson();
  page.go("#told");
  same(covered(page), []);
});

deed("a question says whether the choice is right, and remembers the way there", async () => {
  const page = lesson();
  const choose = async k => {
    page.all(".sl-ask summary")[k].click();
    await page.rest();
    return page.text(".sl-ask .sl-said");
  };
  same(await choose(0), "You chose “it stays”. Not this one. Choose again.");
  same(await choose(1), "You chose “does it fall?” Right.");
  same(
    page.all(".sl-ask details").map(one => one.open),
    [false, true, false],
  );
  same(page.kept().questions, { "02-which": { chosen: ["b", "c"] } });
  const shelf = new Map(page.shelf);
  const again = lesson(LESSON, { shelf });
  await again.rest();
  same(
    again.all(".sl-ask details").map(one => one.open),
    [false, true, false],
  );
  same(again.kept().questions, { "02-which": { chosen: ["b", "c"] } });
  assert.equal(
    again.text(".sl-progress"),
    "On this page: 1 of 1 question answered, 0 of 1 guess made.",
  );
});

const BOXES = boxes =>
  `<script type="application/json" class="sl-boxes">${JSON.stringify({ boxes })}</script>`;

deed("the line of progress counts those that are for the notebook", () => {
  const box = id => `<div class="sl-box" data-id="${id}"></div>`;
  const on = places =>
    `<body><main><h1>T</h1><section id="exercises"><h2>E</h2></section>${places}</main>${BOXES({})}</body>`;
  assert.equal(
    lesson(on(box("02-a"))).text("#exercises > h2 + .sl-progress"),
    "On this page: . 1 more exercise is for the notebook.",
  );
  assert.equal(
    lesson(on(box("02-a") + box("02-b"))).text(".sl-progress"),
    "On this page: . 2 more exercises are for the notebook.",
  );
  assert(!lesson("<body><main><h1>T</h1></main></body>").one(".sl-progress"));
});

const RIGHT = { status: "right", key: "k1", entries: ["1"] };
const SHELF = {
  exercises: { "01-a": RIGHT, "01-b": { ...RIGHT, key: "old" } },
  questions: { "01-q": { chosen: ["a"] }, "02-q": { chosen: [] } },
  guesses: { "02-g": { value: 0 }, "02-h": { seen: true } },
  pads: { "book/a.html": "x = 1" },
  open: true,
};
const course = (kept = SHELF, how = {}) =>
  open(made.course, answering, {
    at: "index.html",
    shelf: kept && new Map([["scalinglib.answers", JSON.stringify(kept)]]),
    ...how,
  });
const total = page => page.text(".sl-course > p");
const rows = page => page.all(".sl-course td:last-child").map(one => one.textContent.trim());

deed("the front page counts what was answered, chapter by chapter", () => {
  const page = course();
  assert.equal(
    total(page),
    "1 of 3 exercises right, 1 of 2 questions answered, 1 of 2 guesses made.",
  );
  same(rows(page), ["2 of 3", "1 of 4"]);
  const [bar] = page.all("progress");
  same(
    ["value", "max", "aria-label"].map(name => bar.getAttribute(name)),
    ["2", "3", "1 of 2 exercises right, 1 of 1 question answered"],
  );
  const [lost, work] = page.all(".sl-course > [hidden], .sl-course > div");
  same([lost.hidden, work.hidden], [true, false]);
  assert(page.one("[type=checkbox]").checked);
});

deed("where nothing is kept that is said", () => {
  const page = course(null);
  assert(!page.all(".sl-course > p")[1].hidden);
  same(rows(page), ["0 of 3", "0 of 4"]);
});

deed("answers that were given meanwhile are counted when one comes back", () => {
  for (const [type, more] of [
    ["storage", {}],
    ["pageshow", { persisted: true }],
  ]) {
    const page = course({});
    page.shelf.set("scalinglib.answers", JSON.stringify(SHELF));
    page.tell("pageshow", { persisted: false });
    assert.equal(rows(page)[0], "0 of 3");
    page.tell(type, more);
    assert.equal(rows(page)[0], "2 of 3", type);
  }
});

deed("all is saved to a file and can be erased once that is confirmed", () => {
  const page = course();
  page.button("Save to a file").click();
  same(JSON.parse(page.saved[0]), SHELF);
  assert.equal(page.followed.at(-1).getAttribute("download"), "scaling-laws-answers.json");
  page.wait();
  assert.equal(page.saved.at(-1), null);
  const other = course(SHELF, { agrees: false });
  other.button("Erase everything").click();
  same(other.kept(), SHELF);
  const erased = [];
  page.world.addEventListener("erased", () => erased.push(1));
  page.button("Erase everything").click();
  same(page.kept(), { open: false, pads: {}, exercises: {}, questions: {}, guesses: {} });
  assert(page.asked[0].startsWith("Erase all answers") && erased.length === 1);
  same([rows(page)[0], page.text(".sl-course .sl-said")], ["0 of 3", "Erased."]);
});

async function load(page, text) {
  const field = page.one("input[type=file]");
  field.files = [{ text: async () => text }];
  page.change(field);
  await page.rest();
  return page.text(".sl-course .sl-said");
}

deed("a saved file is loaded: its answers count, but for what is right here", async () => {
  const page = course({ ...SHELF, open: false });
  const worse = { ...RIGHT, status: "not yet" };
  const file = {
    exercises: { "01-a": worse, "02-a": { ...RIGHT, key: "k3" }, "01-b": worse },
    questions: { "01-q": { chosen: ["b"] } },
    guesses: { "02-h": { value: 2 }, no: { value: 3 }, "02-g": 5 },
    pads: { "book/a.html": "y = 2", "book/b.html": "z = 3", "book/c.html": 4 },
    open: true,
  };
  assert.equal(await load(page, JSON.stringify(file)), "Read 5 answers.");
  const now = page.kept();
  same(now.exercises, {
    "01-a": RIGHT,
    "01-b": { ...RIGHT, key: "old" },
    "02-a": { ...RIGHT, key: "k3" },
  });
  same([now.questions["01-q"], now.questions["02-q"]], [{ chosen: ["b"] }, { chosen: [] }]);
  same(now.guesses, { "02-g": { value: 0 }, "02-h": { value: 2 } });
  same(now.pads, { "book/a.html": "x = 1", "book/b.html": "z = 3" });
  assert.equal(now.open, false);
  same(rows(page), ["2 of 3", "3 of 4"]);
});

deed("a file that holds no answers changes nothing", async () => {
  for (const text of [
    "{",
    "[]",
    "null",
    "3",
    '{"exercises": {"x": 1}}',
    '{"questions": {"01-q": {"chosen": "a"}}}',
  ]) {
    const page = course();
    assert.equal(await load(page, text), "No answers in that file.", text);
    same(page.kept(), SHELF);
  }
});

deed("the box on the front page keeps whether anything is covered", () => {
  const page = course({});
  const box = page.one("[type=checkbox]");
  assert(!box.checked);
  box.checked = true;
  page.change(box);
  assert.equal(page.kept().open, true);
});

// ---- pad.js: what test_pad.py does not try -----------------------------------------------------------------------------

const TABLE = `<body><main><h1>T</h1><div class="sl-data"><table><thead><tr><th>who</th><th data-name="loss">l</th></tr></thead>
  <tbody><tr><th>a "b"</th><td data-is="3e8">3×10⁸</td></tr><tr><th>c</th><td>4</td></tr></tbody></table></div>
  <input type="text" id="field"><button id="other">o</button></main></body>`;
const padOf = page => page.one(".sl-pad");

deed("the scratchpad opens by its button and its key, and leads back", () => {
  const page = lesson(TABLE);
  page.one("#field").focus();
  page.one(".sl-pad-open").click();
  same(
    [padOf(page).hidden, page.one(".sl-pad-open").getAttribute("aria-expanded")],
    [false, "true"],
  );
  assert.equal(page.focused.id, "sl-pad-lines");
  page.button("Close").click();
  same([padOf(page).hidden, page.focused.id], [true, "field"]);
  assert.equal(page.press("F2", { ctrlKey: true }), true);
  assert.equal(page.press("F2", { altKey: true }), true);
  assert.equal(page.press("F3"), true);
  assert(padOf(page).hidden);
  assert.equal(page.press("F2"), false, "the browser does not get this key");
  assert(!padOf(page).hidden);
  page.press("x");
  assert(!padOf(page).hidden);
  page.press("Escape");
  assert(padOf(page).hidden);
  page.one("#field").remove();
  Object.defineProperty(page.one("#other"), "isConnected", { value: false });
  page.one("#other").focus();
  page.press("F2");
  page.press("F2");
  assert(page.focused.matches(".sl-pad-open"), "what had the focus is gone");
});

deed("a name is written where the cursor stands", () => {
  const page = lesson(TABLE);
  const area = page.one("textarea");
  page.type(area, "2*+1");
  [area.selectionStart, area.selectionEnd] = [2, 2];
  page.button("loss", padOf(page)).click();
  same([area.value, area.selectionStart, page.focused], ["2*loss+1", 6, area]);
  assert.equal(page.text(".sl-pad ol"), "600000001; 9");
  same(JSON.parse(page.shelf.get("scalinglib.answers")).pads, {
    "chapters/02_power_laws.html": "2*loss+1",
  });
});

deed("an emptied scratchpad is ready to be written on, and forgotten", () => {
  const page = lesson(TABLE);
  page.type(page.one("textarea"), "1+1");
  page.button("Clear").click();
  same(
    [page.one("textarea").value, page.text(".sl-pad ol"), page.focused.id],
    ["", "", "sl-pad-lines"],
  );
  same(page.kept().pads, {});
});

deed("a table is copied as CSV, and a refusal is said", async () => {
  for (const [copies, words, told] of [
    [true, "Copied.", ['who,l\n"a ""b""",3e8\nc,4']],
    [false, "Refused.", []],
  ]) {
    const page = lesson(TABLE, { copies });
    page.button("Copy as CSV").click();
    await page.rest();
    same([page.text(".sl-copied"), page.copies], [words, told]);
  }
});

deed("a line that cannot be read says so in its place", () => {
  const page = lesson(TABLE);
  page.type(
    page.one("textarea"),
    "1+1\n1+\n\n1/0\n1e9\n123456789\n2/3\n0.00001\n1.23456789e12\nloss",
  );
  const lines = page.all(".sl-pad ol li");
  same(
    lines.map(one => one.matches(".sl-odd")),
    [false, true, false, false, false, false, false, false, false, false],
  );
  same(
    lines.filter((_, k) => k !== 1).map(one => one.textContent),
    ["2", "", "no number", "1e9", "123456789", "0.666667", "1e-5", "1.23457e12", "300000000; 4"],
  );
});

// ---- search.js: asking ---------------------------------------------------------------------------------------------------

const SEARCH = `<body><main><form class="bd-search"><input></form><p role="status"></p><ol id="search-results"></ol></main></body>`;
const section = (page, given = {}) => ({
  page,
  place: "p",
  number: "",
  title: `T ${page}`,
  kind: "",
  of: "Chapter",
  text: "the loss",
  defined: "",
  ...given,
});

deed("the index is asked for once, when something is asked", () => {
  const page = open(SEARCH, [search], { at: "search.html", index: "sections.js?v=1" });
  const asked = () =>
    page.all("head script, html > script, script").map(one => one.getAttribute("src") ?? one.src);
  same([asked(), page.focused.localName], [[], "input"]);
  const field = page.one("input");
  page.type(field, " ");
  same(asked(), []);
  page.type(field, "loss");
  page.type(field, "losses");
  same(asked(), ["sections.js?v=1"]);
  page.world.slSections([], [section("a"), section("b", { text: "x" })]);
  assert.equal(page.text("[role=status]"), "Found 1 place.");
  page.type(field, "");
  same([page.text("[role=status]"), page.all("li").length], ["", 0]);
});

deed("an address brings its question along; of many places thirty are shown", () => {
  const page = open(SEARCH, [search], { at: "search.html?q=loss", index: "s.js" });
  assert.equal(page.one("input").value, "loss");
  const many = count => {
    page.world.slSections(
      [],
      Array.from({ length: count }, (_, k) => section(`p${k}`)),
    );
    return [page.text("[role=status]"), page.all("#search-results > li").length];
  };
  same(many(31), ["Found 31 places, the best 30 of them here.", 30]);
  same(many(30), ["Found 30 places.", 30]);
});

deed("a place says what it is, and what is found there comes in this order", () => {
  const page = open(SEARCH, [search], { at: "search.html?q=loss", index: "s.js" });
  const kinds = ["function", "", "claim", "word"].map(kind => section(`k${kind}`, { kind }));
  page.world.slSections([], [...kinds, section("howto/x"), section("changes")]);
  const where = page.all(".where").map(one => one.textContent);
  same(where, ["Glossary", "Chapter", "Claims", "Chapter", "Library", "Chapter"]);
  same(
    page.all("#search-results a").map(one => one.getAttribute("href").split(".")[0]),
    ["kword", "k", "kclaim", "howto/x", "kfunction", "changes"],
  );
});

// ---- widgets.js: pictures start ------------------------------------------------------------------------------------------

const WIDGET = `export default { initialize({ model }) { model.set("n", model.get("n") + 1); },
  render({ model, el }) { const say = () => { el.textContent = "n = " + model.get("n"); };
    model.on("change:n change:other", say); say(); el.model = model; el.say = say; } };`;
const model = (state, more = {}) => ({
  model_module: "anywidget",
  state: { _esm: WIDGET, ...state },
  ...more,
});
const tag = (kind, data) =>
  `<script type="application/vnd.jupyter.widget-${kind}+json">${JSON.stringify(data)}</script>`;
async function pictures(states, ...ids) {
  const views = ids.map(model_id => tag("view", { model_id }));
  const script = widgets.replace("import(address)", "imported(address)");
  const page = open(`<body>${tag("state", { state: states })}${views.join("")}</body>`, [script], {
    imported: address => import(address),
  });
  for (let k = 0; k < 5; k++) await page.rest();
  return { page, places: page.all("[data-widget]") };
}

deed("a picture starts from what the page holds, and lives", async () => {
  const { places, page } = await pictures(
    { a: model({ n: 3, _css: "p {}" }), b: model({ n: 7, _css: "p {}" }) },
    "a",
    "b",
    "a",
  );
  same(
    places.map(one => [one.dataset.widget, one.textContent]),
    [
      ["ready", "n = 4"],
      ["ready", "n = 8"],
      ["ready", "n = 4"],
    ],
  );
  assert.equal(page.all("style").length, 1);
  const shared = places[0].model;
  shared.set("n", 9);
  same(
    places.map(one => one.textContent),
    ["n = 9", "n = 8", "n = 9"],
  );
  shared.off("change:n", places[0].say);
  shared.set("n", 10);
  same(
    places.map(one => one.textContent),
    ["n = 9", "n = 8", "n = 10"],
  );
  shared.off();
  shared.set("n", 11);
  assert.equal(places[2].textContent, "n = 10");
});

deed("a picture is told of changes only, with the value", async () => {
  const { places } = await pictures({ a: model({ n: 3 }) }, "a");
  const told = [];
  places[0].model.on("change:n", (_, value) => told.push(value));
  places[0].model.on("change", () => told.push("any"));
  places[0].model.set("n", 4);
  places[0].model.set("n", 5);
  same(told, [5, "any"]);
});

deed("what needs a kernel, and what fails, says so", async () => {
  const failing = { _esm: "export default { render() { throw new Error('no law'); } }" };
  const { places, page } = await pictures(
    { a: { model_module: "ipywidgets" }, b: model(failing), d: model({ n: 0 }) },
    "a",
    "b",
    "c",
    "d",
  );
  same(
    places.map(one => one.dataset.widget),
    ["needs a kernel", "failed", "needs a kernel", "ready"],
  );
  assert.equal(places[1].textContent, "This picture failed to start: no law");
  assert(places[0].textContent.startsWith("This control needs a kernel"));
  assert.equal(page.errors.length, 1);
});

deed("numbers that were kept as bytes are read", async () => {
  const bytes = { buffers: [{ path: ["data", "values"], encoding: "base64", data: "AQID" }] };
  const { places } = await pictures({ a: model({ n: 0, data: { values: null } }, bytes) }, "a");
  const { values } = places[0].model.get("data");
  same([values.byteLength, values.getUint8(0), values.getUint8(2)], [3, 1, 3]);
});

// ---- formulas.js ---------------------------------------------------------------------------------------------------------

const FORMULAS = `<body><p id="p">Let <math id="m"><semantics><mi>N</mi><annotation> N </annotation></semantics></math> be
  <math display="block"><mi>x</mi><annotation>x^2</annotation></math>.</p><div class="math" data-width="500" data-room="300"
  ></div><div class="math" data-width="300" data-room="300" tabindex="0"></div><textarea></textarea></body>`;
function copied(inside, { from = "#p", to = "#p", collapsed = false, target = "#p" } = {}) {
  const moved = [];
  const selection = {};
  const page = open(FORMULAS, [formulas], { selection });
  Object.assign(selection, {
    isCollapsed: collapsed,
    getRangeAt: () => ({
      cloneRange: () => ({
        startContainer: page.one(from).firstChild,
        endContainer: page.one(to),
        setStartBefore: one => moved.push(["before", one.id]),
        setEndAfter: one => moved.push(["after", one.id]),
        cloneContents: () => page.one(inside).cloneNode(true),
      }),
    }),
  });
  const data = {};
  const event = Object.assign(new page.world.Event("copy", { bubbles: true, cancelable: true }), {
    clipboardData: { setData: (kind, text) => (data[kind] = text) },
  });
  page.one(target).dispatchEvent(event);
  return [data["text/plain"]?.replace(/\n +/g, " "), event.defaultPrevented, moved];
}

deed("a formula is copied as LaTeX", () => {
  same(copied("#p"), ["Let $N$ be \n$$x^2$$\n.", true, []]);
  same(copied("#p", { from: "mi", to: "mi" })[2], [
    ["before", "m"],
    ["after", "m"],
  ]);
  same(copied("textarea"), [undefined, false, []]);
  same(copied("#p", { collapsed: true })[1], false);
  same(copied("#p", { target: "textarea" })[1], false);
});

deed("a formula that is wider than the page can be reached by keys", async () => {
  const page = open(FORMULAS, [formulas]);
  await page.rest();
  same(
    page.all("div.math").map(one => one.getAttribute("tabindex")),
    ["0", null],
  );
  page.all("div.math")[1].dataset.room = 200;
  page.tell("resize");
  same(page.all("div.math")[1].tabIndex, 0);
});

const lost = []; // what went wrong in a script that nobody waited for
const keep = error => lost.push(error);
process.on("unhandledRejection", keep);
export const said = {};
for (const [name, act] of Object.entries(deeds))
  try {
    await act();
    await new Promise(setImmediate);
    if (lost.length) throw lost[0];
    said[name] = "";
  } catch (error) {
    said[name] = `${error.message}\n${error.stack.match(/deeds\.mjs\S*/)?.[0] ?? ""}`;
    lost.length = 0;
  }
process.off("unhandledRejection", keep);
