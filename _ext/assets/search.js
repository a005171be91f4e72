// The search page: sections, ranked by where the words stand (title, definition, text).
// The index (_ext/finding.py) comes by script tag when something is asked: so it does from a file.
(() => {
  const STOP =
    /^(an?|and|are|as|at|be|but|by|can|do|does|for|from|has|have|how|if|in|is|it|its|of|on|or|so|than|that|the|this|to|was|what|when|where|which|why|with|you|your)$/i;
  const KIND = { "": 1, claim: 0.9, word: 1.2, function: 0.7 };
  const ASIDE = /^(References|(Read n|N)ext|What to remember|Exercise.*)$|changes|bib|handbook/;
  const LONGEST = 30;
  const ALIKE = ["[µμ]", "['’]", "[.]"];
  const L = "[\\p{L}\\p{N}]";
  const field = document.querySelector("main form.bd-search input"),
    list = document.querySelector("#search-results"),
    status = document.querySelector("main [role=status]"),
    source = document.currentScript.dataset.index;
  let same, sections;

  // A word also with a hyphen inside or another ending; a phrase with blanks or hyphens.
  function pattern(phrase) {
    const words = phrase.split(/[\s-]+/).map(word => {
      const stem = word.replace(/^(.{4,}?)(?:ations?|ions?|ings?|ies|ed|es|s|e|y)$/iu, "$1");
      const letters = [...stem].map(one => ALIKE.find(some => some.includes(one)) ?? one);
      return letters.join("-?") + (stem.length > 3 ? `${L}{0,5}` : "s?");
    });
    return words.join("[\\s-]?");
  }
  function matcher(phrases) {
    const inside = `(?:${phrases.map(pattern).join("|")})(?!${L})`;
    try {
      return new RegExp(`(?<!${L})${inside}`, "giu");
    } catch {
      return new RegExp(inside, "giu"); // Safari before 16.4: words are found inside others, too
    }
  }

  // What is asked, as ideas: each matches a word and what means the same.
  function ideas(asked) {
    const found = same.flatMap(group => (asked.match(group) ?? []).map(() => group));
    for (const group of found) asked = asked.replace(group, " ");
    const words = asked.match(/[\p{L}\p{N}]+(?:[.'’_-][\p{L}\p{N}]+)*/gu) ?? [];
    const telling = words.filter(word => !STOP.test(word));
    const kept = telling.length || found.length ? telling : words;
    return [...found, ...kept.map(word => matcher([word]))];
  }

  // How many ideas stand together from a place in a text on.
  function together(hits, from) {
    const near = hits.filter(({ at }) => at >= from && at < from + 150);
    return new Set(near.map(hit => hit.idea)).size;
  }

  function rank(asked) {
    const wanted = ideas(asked);
    const found = sections.map(section => {
      const hits = wanted.flatMap((re, idea) =>
        [...section.text.matchAll(re)].map(hit => ({ idea, at: hit.index, word: hit[0] })),
      );
      const counts = wanted.map((re, idea) => [
        section.title.search(re) < 0 ? 0 : 6,
        section.defined.search(re) < 0 ? 0 : 3,
        hits.filter(hit => hit.idea === idea).length,
      ]);
      const there = counts.filter(places => places.some(Boolean)).length;
      return { ...section, hits: hits.sort((a, b) => a.at - b.at), counts, there, wanted };
    });
    const rare = wanted.map((_, k) => {
      const holders = found.filter(({ counts }) => counts[k].some(Boolean)).length;
      return Math.log(1 + (sections.length + 1) / (holders + 0.5));
    });
    for (const one of found) {
      const { page, title, kind, text, hits, counts } = one;
      const whole = 1 + Math.min(1, asked.length / title.length); // all of the title was asked for?
      one.score = KIND[kind] * (one.there / wanted.length) ** 2;
      one.score *= counts.reduce((sum, [inTitle, defined, n], k) => {
        const often = (4 * n) / (n + 0.4 + text.length / 1500);
        return sum + rare[k] * (whole * inTitle + defined + often);
      }, 0);
      const held = hits.map(({ at }) => together(hits, at));
      const most = Math.max(0, ...held);
      one.from = most && hits[held.indexOf(most)].at;
      if (wanted.length > 1 && most === wanted.length) one.score *= 1.3;
      if (page.startsWith("howto/")) one.score *= 0.8; // after the chapter that explains it
      if (ASIDE.test(title) || ASIDE.test(page)) one.score *= 0.5;
    }
    found.sort((a, b) => b.score - a.score);
    return found.filter(one => one.there && one.score > found[0].score / 12);
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
    const said = marked(text.slice(start, end));
    const where = { claim: "Claims", word: "Glossary", function: "Library" }[kind] ?? of;
    const link = { href: `${page}.html?${found}#${place}` };
    const excerpt = [start ? "… " : "", ...said, end < text.length ? " …" : ""];
    return make(
      "li",
      {},
      make("a", link, ...marked(`${number} ${title}`.trim())),
      make("p", { className: "where" }, where),
      make("p", {}, ...excerpt),
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

  globalThis.slSections = (synonyms, told) => {
    same = synonyms.map(matcher);
    sections = told;
    answer();
  };
  let index;
  function ask() {
    if (sections) answer();
    else if (field.value.trim()) document.head.append((index ??= make("script", { src: source })));
  }
  field.value = new URLSearchParams(location.search).get("q") ?? "";
  field.focus();
  field.addEventListener("input", ask);
  ask();
})();
