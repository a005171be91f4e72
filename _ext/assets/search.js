// The search page: sections, ranked by where the words stand (title, definition, text).
// The index (_ext/finding.py) comes by script tag when something is asked: so it does from a file.
(() => {
  // who asks for one of these finds the others
  const SAME = [
    "MFU|model FLOPs utilisation|model FLOPs utilization|utilisation|utilization",
    "µP|muP|mu-parametrization|mu-parameterization|mu-parametrisation|maximal update",
    "repetition|repeated|repeats|epochs",
    "warm-up|warmup|warming up",
    "Chinchilla optimal|compute-optimal|best split|optimal split|optimal allocation",
    "IsoFLOP|iso FLOP",
    "irreducible loss|floor",
    "inference|serving|lifetime",
    "emergence|emergent",
  ].map(group => group.split("|"));
  const STOP =
    /^(an?|and|are|as|at|be|but|by|can|do|does|for|from|has|have|how|if|in|is|it|its|of|on|or|so|than|that|the|this|to|was|what|when|where|which|why|with|you|your)$/i;
  const KIND = { "": 1, claim: 0.9, word: 1.2, function: 0.7 };
  const ASIDE =
    /^(References|Read next|Next|What to remember|Exercise.*)$|changes|bibliog|handbook/;
  const LONGEST = 30;
  const ALIKE = ["[µμ]", "['’]", "[.]"];
  const L = "[\\p{L}\\p{N}]";
  const field = document.querySelector("main form.bd-search input"),
    list = document.querySelector("#search-results"),
    status = document.querySelector("main [role=status]"),
    source = document.currentScript.dataset.index;
  let sections;

  // A word also with a hyphen inside or another ending; a phrase with blanks or hyphens.
  function pattern(phrase) {
    const words = phrase.split(/[\s-]+/).map(word => {
      const cut = word.replace(/(?:ations?|ions?|ings?|ies|ed|es|s|e|y)$/iu, "");
      const stem = cut.length > 3 ? cut : word;
      const letters = [...stem].map(one => ALIKE.find(some => some.includes(one)) ?? one);
      return letters.join("-?") + (stem.length > 3 ? `${L}{0,5}` : "s?");
    });
    return words.join("[\\s-]?");
  }
  let before = `(?<!${L})`;
  try {
    new RegExp(before, "u");
  } catch {
    before = ""; // Safari before 16.4 cannot look back: words are found inside others, too
  }
  const matcher = patterns => new RegExp(`${before}(?:${patterns.join("|")})(?!${L})`, "giu");

  // What is asked, as ideas: each matches a word and what means the same.
  function ideas(asked) {
    const found = [];
    for (const group of SAME)
      for (const phrase of group)
        asked = asked.replace(matcher([pattern(phrase)]), () => {
          found.push(matcher(group.map(pattern)));
          return " ";
        });
    const words = asked.match(/[\p{L}\p{N}]+(?:[.'’_-][\p{L}\p{N}]+)*/gu) ?? [];
    const telling = words.filter(word => !STOP.test(word));
    const kept = telling.length || found.length ? telling : words;
    return [...found, ...kept.map(word => matcher([pattern(word)]))];
  }

  // The place in a text after which most ideas stand together, and how many do.
  function best(hits) {
    const near = hits.map(({ at }) => {
      const held = hits.filter(hit => hit.at >= at && hit.at < at + 150).map(hit => hit.idea);
      return { at, held: new Set(held).size };
    });
    return near.reduce((a, b) => (b.held > a.held ? b : a), { at: 0, held: 0 });
  }

  function rank(asked) {
    const wanted = ideas(asked);
    const counts = sections.map(({ title, defined, text }) =>
      wanted.map(idea => [title, defined, text].map(place => place.match(idea)?.length ?? 0)),
    );
    const rare = wanted.map((_, k) => {
      const holders = counts.filter(row => row[k].some(Boolean)).length;
      return Math.log(1 + (sections.length + 1) / (holders + 0.5));
    });
    const results = sections.flatMap((section, row) => {
      const { page, title, kind, text } = section;
      const there = counts[row].filter(places => places.some(Boolean)).length;
      if (!there) return [];
      const hits = wanted.flatMap((re, idea) =>
        [...text.matchAll(re)].map(hit => ({ idea, at: hit.index, word: hit[0] })),
      );
      const together = best(hits.sort((a, b) => a.at - b.at));
      const whole = Math.min(1, asked.length / title.length); // how much of the title was asked for
      const each = counts[row].map(
        ([inTitle, defined, n], k) =>
          rare[k] *
          (6 * (inTitle > 0) * (1 + whole) +
            3 * (defined > 0) +
            (4 * n) / (n + 0.4 + text.length / 1500)),
      );
      let score = each.reduce((a, b) => a + b) * (there / wanted.length) ** 2 * KIND[kind];
      if (wanted.length > 1 && together.held === wanted.length) score *= 1.3;
      if (page.startsWith("howto/")) score *= 0.8; // after the chapter that explains it
      if (ASIDE.test(title) || ASIDE.test(page)) score *= 0.5;
      return { ...section, score, hits, from: together.at, wanted };
    });
    results.sort((a, b) => b.score - a.score);
    return results.filter(one => one.score > results[0].score / 12);
  }

  function make(tag, attributes, ...children) {
    const element = Object.assign(document.createElement(tag), attributes);
    element.append(...children);
    return element;
  }

  function show({ page, place, number, title, kind, of, text, hits, from, wanted }) {
    const all = new RegExp(`(${wanted.map(re => re.source).join("|")})`, "giu");
    const marked = said => said.split(all).map((one, k) => (k % 2 ? make("mark", {}, one) : one));
    const words = [...hits.map(hit => hit.word), ...(title.match(all) ?? [])];
    const found = new URLSearchParams({ found: [...new Set(words)].slice(0, 12).join("~") });
    const start = from < 60 ? 0 : text.lastIndexOf(" ", from - 40) + 1;
    const end = text.length < start + 240 ? text.length : text.lastIndexOf(" ", start + 230);
    const said = text.slice(start, end);
    const where = { claim: "Claims", word: "Glossary", function: "Library" }[kind] ?? of;
    const href = `${page}.html?${found}#${place}`;
    const dots = [start ? "… " : "", end < text.length ? " …" : ""];
    return make(
      "li",
      {},
      make("a", { href }, ...marked(`${number} ${title}`.trim())),
      make("p", { className: "where" }, where),
      make("p", {}, dots[0], ...marked(said), dots[1]),
    );
  }

  function answer() {
    const asked = field.value.trim();
    const found = asked ? rank(asked) : [];
    list.replaceChildren(...found.slice(0, LONGEST).map(show));
    const many = `Found ${found.length} place${found.length === 1 ? "" : "s"}`;
    const first = found.length > LONGEST ? `, the best ${LONGEST} of them here.` : ".";
    status.textContent = asked && (found.length ? many + first : `Nothing found for “${asked}”.`);
  }

  globalThis.slSections = pages => {
    sections = pages.flatMap(([page, chapter, told]) =>
      told.map(([place, number, title, kind, defined, text]) => {
        const of = `${chapter && `Chapter ${chapter}: `}${told[0][2]}`;
        return { page, of, place, number, title, kind, defined, text };
      }),
    );
    answer();
  };
  let index;
  function ask() {
    if (sections) answer();
    else if (field.value.trim() && !index) {
      index = make("script", { src: source });
      document.head.append(index);
    }
  }
  field.value = new URLSearchParams(location.search).get("q") ?? "";
  field.focus();
  field.addEventListener("input", ask);
  ask();
})();
