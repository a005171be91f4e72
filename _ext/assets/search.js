// The search page: sections, ranked by where the words stand (title, definition, text), each opened at its words.
// The index (_ext/finding.py) comes by script tag, when something is asked: so it works from a file, too.
(() => {
  // words that mean the same: who asks for one finds the others
  const SAME = [
    ["MFU", "model FLOPs utilisation", "model FLOPs utilization", "utilisation", "utilization", "share of the peak"],
    ["µP", "μP", "muP", "mu-parametrization", "mu-parameterization", "mu-parametrisation", "maximal update"],
    ["repetition", "repeated", "repeats", "epochs", "same text again", "several passes"],
    ["warm-up", "warmup", "warming up"],
    ["Chinchilla optimal", "compute-optimal", "best split", "optimal split", "optimal allocation"],
    ["IsoFLOP", "iso FLOP", "same compute"],
    ["hyperparameter", "recipe"],
    ["irreducible loss", "floor", "entropy of text"],
    ["inference", "serving", "lifetime"],
    ["tokens per parameter", "token-to-parameter ratio", "D/N"],
    ["emergence", "emergent", "overnight"],
    ["dataset", "data set"],
  ];
  const STOP = new Set(
    "a an and are as at be but by can do does for from has have how i if in is it its me my of on or so than that the this to was what when where which who why will with you your".split(" "),
  );
  // what a section of a kind weighs; pages that list what others tell weigh less
  const KIND = { claim: 0.9, word: 1.2, function: 0.7 };
  const ASIDE = /^(References|Read next|Next|Exercises|What to remember)$/;
  const ASIDE_PAGE = /changes|bibliography|handbook/;
  const LONGEST = 30; // results
  const L = "[\\p{L}\\p{N}]";
  const [field] = document.querySelectorAll("main form.bd-search input"),
    list = document.querySelector("#search-results"),
    status = document.querySelector("main [role=status]"),
    source = document.currentScript.dataset.index;
  let sections;

  // A word also with a hyphen inside or another ending; between words of a phrase a blank or a hyphen.
  function pattern(phrase) {
    const words = phrase.split(/[\s-]+/).filter(Boolean);
    const parts = words.map(word => {
      const cut = word.length > 4 ? word.replace(/(?:ations?|ions?|ings?|ies|ed|es|s|e|y)$/iu, "") : word;
      const stem = cut.length > 3 ? cut : word;
      const letters = [...stem].map(one =>
        one.replace(/[.*+?^${}()|[\]\\/]/, "\\$&").replace(/[µμ]/, "[µμ]").replace(/['’]/, "['’]"),
      );
      return letters.join("-?") + (stem.length > 3 ? `${L}{0,5}` : "s?");
    });
    return parts.join("[\\s-]?");
  }
  const matcher = patterns => new RegExp(`(?<!${L})(?:${patterns.join("|")})(?!${L})`, "giu");

  // What is asked, as ideas: each a matcher of what was typed, and one of all that means the same.
  function ideas(asked) {
    const found = [];
    let rest = asked;
    for (const group of SAME)
      for (const phrase of group) {
        const typed = rest.match(matcher([pattern(phrase)]));
        if (!typed) continue;
        rest = rest.replace(typed[0], " ");
        found.push({ typed: matcher([pattern(typed[0])]), all: matcher(group.map(pattern)) });
        break;
      }
    const words = rest.match(/[\p{L}\p{N}][\p{L}\p{N}.'’_-]*/gu) ?? [];
    const telling = words.filter(word => !STOP.has(word.toLowerCase()));
    for (const word of telling.length || found.length ? telling : words) {
      const all = matcher([pattern(word.replace(/[.'’_-]+$/u, ""))]);
      found.push({ typed: all, all });
    }
    return found;
  }

  const count = (text, re) => text.match(re)?.length ?? 0;

  // The shortest stretch of a text that holds one hit of most ideas: [how many ideas, from, to].
  function stretch(hits) {
    let best = [0, 0, 0];
    for (const { at } of hits) {
      const near = hits.filter(hit => hit.at >= at && hit.at < at + 180);
      const held = new Set(near.map(hit => hit.idea)).size;
      if (held > best[0]) best = [held, at, near.at(-1).at + near.at(-1).word.length];
    }
    return best;
  }

  function rank(asked) {
    const wanted = ideas(asked);
    if (!wanted.length) return [];
    const marks = sections.map(({ title, defined, text, place }) =>
      wanted.map(({ typed, all }) => ({
        title: Math.max(count(title, typed) && 1, count(title, all) && 0.7),
        defined: Math.max(count(defined, typed) && 1, count(defined, all) && 0.7),
        text: 0.3 * count(text, typed) + 0.7 * count(text, all) + (place.includes(asked) ? 1 : 0),
      })),
    );
    const held = mark => mark.title || mark.defined || mark.text;
    const rare = wanted.map((_, k) => {
      const holders = marks.filter(mark => held(mark[k])).length;
      return Math.log(1 + (sections.length - holders + 0.5) / (holders + 0.5));
    });
    const results = sections.flatMap((section, row) => {
      const there = marks[row].filter(held).length;
      if (!there) return [];
      const hits = wanted
        .flatMap(({ all }, idea) =>
          [...section.text.matchAll(all)].map(hit => ({ idea, at: hit.index, word: hit[0] })),
        )
        .sort((a, b) => a.at - b.at);
      const [together, from, to] = stretch(hits);
      const share = section.title.length ? asked.length / section.title.length : 0;
      const length = 0.4 + section.text.length / 1500;
      let score = marks[row].reduce(
        (sum, { title, defined, text }, k) =>
          sum + rare[k] * (6 * title * (1 + Math.min(1, share)) + 3 * defined + (4 * text) / (text + length)),
        0,
      );
      score *= (there / wanted.length) ** 2 * (KIND[section.kind] ?? 1);
      if (wanted.length > 1 && together === wanted.length) score *= to - from < 80 ? 1.4 : 1.2;
      if (ASIDE.test(section.title) || ASIDE_PAGE.test(section.page)) score *= 0.4;
      return [{ ...section, score, hits, from, wanted }];
    });
    const best = Math.max(...results.map(one => one.score));
    return results.filter(one => one.score > best / 12).sort((a, b) => b.score - a.score);
  }

  function make(tag, attributes, ...children) {
    const element = Object.assign(document.createElement(tag), attributes);
    element.append(...children);
    return element;
  }

  // Text with what was found in it marked.
  function marked(text, wanted) {
    const all = new RegExp(wanted.map(({ all }) => all.source).join("|"), "giu");
    const parts = [];
    let at = 0;
    for (const hit of text.matchAll(all)) {
      parts.push(text.slice(at, hit.index), make("mark", {}, hit[0]));
      at = hit.index + hit[0].length;
    }
    return [...parts, text.slice(at)];
  }

  function show({ page, place, number, title, kind, of, text, hits, from, wanted }) {
    const words = new Set([...hits.map(hit => hit.word), ...wanted.flatMap(({ all }) => title.match(all) ?? [])]);
    const query = new URLSearchParams({ found: [...words].slice(0, 12).join("~") });
    const start = from < 60 ? 0 : text.lastIndexOf(" ", from - 40) + 1;
    const cut = text.length > start + 230;
    const said = text.slice(start, start + 230).replace(cut ? /\s\S*$/u : "", "");
    const where = { claim: "Claims", word: "Glossary", function: "Library" }[kind] ?? of;
    return make(
      "li",
      {},
      make("a", { href: `${page}.html?${query}#${place}` }, ...marked(`${number} ${title}`.trim(), wanted)),
      make("p", { className: "where" }, where),
      make("p", {}, start ? "… " : "", ...marked(said, wanted), cut ? " …" : ""),
    );
  }

  function answer() {
    const asked = field.value.trim();
    const found = asked ? rank(asked) : [];
    list.replaceChildren(...found.slice(0, LONGEST).map(show));
    const many = found.length > LONGEST ? `the best ${LONGEST} of ${found.length} places` : `${found.length} places`;
    const said = found.length === 1 ? "one place" : many;
    status.textContent = !asked ? "" : found.length ? `Found ${said}.` : `Nothing found for “${asked}”.`;
  }

  globalThis.slSections = pages => {
    sections = pages.flatMap(([page, chapter, told]) =>
      told.map(([place, number, title, kind, defined, text]) => ({
        ...{ page, place, number, title, kind, defined, text },
        of: chapter ? `Chapter ${chapter}: ${told[0][2]}` : told[0][2],
      })),
    );
    answer();
  };
  // the index is large: it comes when something is asked
  function ask() {
    if (sections) answer();
    else if (field.value.trim() && !document.querySelector("script[data-asked]"))
      document.head.append(Object.assign(make("script", { src: source }), { dataset: {} }));
  }
  field.value = new URLSearchParams(location.search).get("q") ?? "";
  field.focus();
  field.addEventListener("input", ask);
  ask();
})();
