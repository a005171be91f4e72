// On every page: the words that a search found, marked; in the contents where the reader is and what they have done.
(() => {
  // ---- what a search found: ?found=word~word#place ----
  const words = new URLSearchParams(location.search).get("found")?.split("~").filter(Boolean) ?? [];
  const target = document.getElementById(decodeURIComponent(location.hash.slice(1)));
  const skipped = "script, style, math, pre, textarea, .sl, .headerlink, mark";
  function mark(root, re) {
    const walker = document.createTreeWalker(root, NodeFilter.SHOW_TEXT);
    const texts = [];
    while (walker.nextNode())
      if (!walker.currentNode.parentElement.closest(skipped)) texts.push(walker.currentNode);
    for (let text of texts)
      for (let hit = re.exec(text.data); hit; hit = re.exec(text.data)) {
        const found = text.splitText(hit.index);
        text = found.splitText(hit[0].length);
        const element = document.createElement("mark");
        found.replaceWith(element);
        element.append(found);
      }
  }
  if (words.length && target) {
    const letter = "[\\p{L}\\p{N}]";
    const any = words.map(word => word.replace(/[.*+?^${}()|[\]\\]/g, "\\$&")).join("|");
    const expression = before => new RegExp(`${before}(?:${any})(?!${letter})`, "iu");
    let re;
    try {
      re = expression(`(?<!${letter})`);
    } catch {
      re = expression(""); // Safari before 16.4 cannot look back
    }
    for (const root of target.matches("dt") ? [target, target.nextElementSibling] : [target])
      mark(root, re);
    const shown = () => {
      const marks = [...target.parentElement.querySelectorAll("mark")];
      const first =
        marks.find(one => !one.closest("h1, h2, h3") && one.checkVisibility?.()) ?? marks[0];
      for (let fold = first?.closest("details"); fold; fold = fold.parentElement.closest("details"))
        fold.open = true;
      first?.scrollIntoView({ block: "center" });
    };
    // once more when pictures have got their size, unless the reader has moved
    addEventListener("load", () => {
      shown();
      const again = setTimeout(shown, 500);
      for (const moved of ["wheel", "touchmove", "keydown", "pointerdown"])
        addEventListener(moved, () => clearTimeout(again), { once: true, passive: true });
    });
  }

  // ---- the contents: which page this is, and how many of a chapter's exercises are right ----
  const asked = {}; // asked
  const chapters = [];
  for (const link of document.querySelectorAll(".bd-docs-nav a")) {
    const here = link.getAttribute("href") === "#";
    if (here) link.setAttribute("aria-current", "page");
    const name = (here ? location : link).pathname.split("/").pop().replace(".html", "");
    if (!asked[name]) continue;
    const told = document.createElement("small");
    link.append(told);
    chapters.push([told, Object.entries(asked[name])]);
  }
  function tell() {
    let kept = {};
    try {
      kept = JSON.parse(localStorage.getItem("scalinglib.answers"))?.exercises ?? {};
    } catch {} // nothing is kept here
    for (const [told, exercises] of chapters) {
      const right = exercises.filter(
        ([id, key]) => kept[id]?.status === "right" && kept[id].key === key,
      ).length;
      told.textContent = right ? ` ${right}/${exercises.length}` : "";
      told.title = right ? `${right} of ${exercises.length} exercises right` : "";
    }
  }
  tell();
  addEventListener("storage", tell);
  // answers.js writes a line of progress with every answer
  document.addEventListener("DOMContentLoaded", () => {
    for (const line of document.querySelectorAll(".sl-progress, .sl-course"))
      new MutationObserver(tell).observe(line, { childList: true, subtree: true });
  });

  // ---- the front page leads back to where the reader was ----
  const PLACE = "scalinglib.place";
  const root = new URL(document.documentElement.dataset.content_root, location.href).href;
  const start = document.querySelector(".start");
  function kept(act) {
    try {
      return act(localStorage);
    } catch {} // nothing is kept here
  }
  if (/\/chapters\/\d\d_/.test(location.pathname))
    addEventListener("pagehide", () => {
      const sections = [...document.querySelectorAll("article section[id]")];
      const now = sections.findLast(one => one.getBoundingClientRect().top < innerHeight / 2);
      const page = location.href.slice(root.length).split(/[?#]/)[0];
      const title = now?.firstElementChild.textContent.replace(/#$/, "");
      if (now) kept(shelf => shelf.setItem(PLACE, JSON.stringify({ page, id: now.id, title })));
    });
  function leadBack() {
    start.querySelector(".back")?.remove();
    const place = kept(shelf => JSON.parse(shelf.getItem(PLACE)));
    if (!/^chapters\/\d\d_\w+\.html$/.test(place?.page)) return;
    const back = Object.assign(document.createElement("a"), {
      className: "back",
      href: `${root}${place.page}#${place.id}`,
      textContent: `Continue where you were: ${place.title}`,
    });
    start.append(" ", back);
  }
  if (start) {
    leadBack();
    addEventListener("pageshow", leadBack); // back from another page
    addEventListener("erased", () => {
      kept(shelf => shelf.removeItem(PLACE));
      leadBack();
    });
  }

  // ---- contents in a dialog (below 1200 px) make room for the place that was chosen ----
  document.addEventListener("click", ({ target }) => {
    if (target.closest("dialog a[href^='#']")) target.closest("dialog").close();
  });

  // ---- the button of this page's contents says where the reader is ----
  const here = document.querySelector(".secondary-toggle .sl-here");
  if (here) {
    const name = here.textContent;
    const seen = new Set();
    const sections = [...document.querySelectorAll("article > section > section[id]")];
    const watch = new IntersectionObserver(
      changes => {
        for (const { target, isIntersecting } of changes)
          seen[isIntersecting ? "add" : "delete"](target);
        const now = sections.findLast(one => seen.has(one));
        here.textContent = now ? now.firstElementChild.textContent.replace(/#$/, "") : name;
      },
      { rootMargin: "-20% 0px -79% 0px" },
    );
    for (const section of sections) watch.observe(section);
  }
})();
