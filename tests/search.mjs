// The search page's script on a page of stubs: what is found for each question, first to last.
const { script, synonyms, sections, questions } = globalThis.job;

function found(asked) {
  const kids = given => given.map(one => (typeof one === "string" ? one : one.words)).join("");
  const made = tag => ({
    tag,
    inside: [],
    append(...given) {
      this.inside.push(...given);
    },
    get words() {
      return kids(this.inside);
    },
  });
  const field = { value: "", focus() {}, addEventListener() {} };
  const list = {
    replaceChildren(...given) {
      this.inside = given;
    },
  };
  const status = { textContent: "" };
  const parts = { "#search-results": list, "main [role=status]": status };
  const document = {
    querySelector: name => parts[name] ?? field,
    currentScript: { dataset: { index: "index.js" } },
    createElement: made,
    head: { append() {} },
  };
  new Function("document", "location", script)(document, {
    search: `?q=${encodeURIComponent(asked)}`,
  });
  globalThis.slSections(synonyms, sections);
  const results = list.inside.map(({ inside: [link, where, excerpt] }) => ({
    title: link.words,
    href: link.href,
    where: where.words,
    excerpt: excerpt.words,
    marks: excerpt.inside.filter(one => one.tag === "mark").map(one => one.words),
  }));
  return [status.textContent, results];
}
export const said = questions.map(found);
