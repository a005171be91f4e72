// On every page: the words that a search found, marked; in the contents where the reader is and what they have done.
(() => {
  // ---- what a search found: ?found=word~word#place ----
  const words = new URLSearchParams(location.search).get("found")?.split("~").filter(Boolean) ?? [];
  const target = document.getElementById(decodeURIComponent(location.hash.slice(1)));
  const skipped = "script, style, math, pre, textarea, .sl, .headerlink, mark";
  function mark(root, re) {
    const walker = document.createTreeWalker(root, NodeFilter.SHOW_TEXT);
    const texts = [];
    while (walker.nextNode()) if (!walker.currentNode.parentElement.closest(skipped)) texts.push(walker.currentNode);
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
    const re = new RegExp(`(?<!${letter})(?:${any})(?!${letter})`, "iu");
    for (const root of target.matches("dt") ? [target, target.nextElementSibling] : [target]) mark(root, re);
    const shown = () => {
      const marks = [...target.parentElement.querySelectorAll("mark")];
      const first = marks.find(one => !one.closest("h1, h2, h3") && one.checkVisibility()) ?? marks[0];
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
})();
