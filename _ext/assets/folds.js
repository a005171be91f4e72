// Folds open for a link into them and for print. Code is coloured when it comes near the screen, by ranges: a span
// for each word would be half of a page's elements.
(() => {
  function toTarget() {
    const place = document.getElementById(decodeURIComponent(location.hash.slice(1)));
    let opened = false;
    for (let fold = place?.closest("details"); fold; fold = fold.parentElement.closest("details")) {
      opened ||= !fold.open;
      fold.open = true;
    }
    if (opened) place.scrollIntoView();
  }
  addEventListener("hashchange", toTarget);
  toTarget();

  let closed = [];
  addEventListener("beforeprint", () => {
    closed = [...document.querySelectorAll("details.deeper:not([open])")];
    for (const fold of closed) fold.open = true;
  });
  addEventListener("afterprint", () => {
    for (const fold of closed) fold.open = false;
  });

  if (!globalThis.Highlight) return;
  const kinds = ["comment", "string", "keyword", "number"];
  const TOKEN =
    /(#.*)|((?<!\w)[rbfuRBFU]{0,2}(?:'''[\s\S]*?'''|"""[\s\S]*?"""|'(?:\\.|[^'\\\n])*'|"(?:\\.|[^"\\\n])*"))|\b(False|None|True|and|as|assert|async|await|break|class|continue|def|del|elif|else|except|finally|for|from|global|if|import|in|is|lambda|nonlocal|not|or|pass|raise|return|try|while|with|yield)\b|((?<![\w.])(?:0[xob][\da-fA-F_]+|(?:\d[\d_]*\.?\d*|\.\d+)(?:[eE][+-]?\d+)?j?))/g;
  const painted = kinds.map(kind => {
    const ranges = new Highlight();
    CSS.highlights.set(`code-${kind}`, ranges);
    return ranges;
  });
  function colour(pre) {
    const text = pre.firstChild;
    for (const found of text?.data?.matchAll(TOKEN) ?? []) {
      const kind = found.slice(1).findIndex(part => part !== undefined);
      const at = { startContainer: text, startOffset: found.index, endContainer: text };
      painted[kind].add(new StaticRange({ ...at, endOffset: found.index + found[0].length }));
    }
  }
  const near = new IntersectionObserver(
    seen => {
      for (const { isIntersecting, target } of seen) {
        if (!isIntersecting) continue;
        near.unobserve(target);
        colour(target);
      }
    },
    { rootMargin: "500px" },
  );
  for (const pre of document.querySelectorAll(
    ":is(.highlight-ipython3, .highlight-python, .highlight-default) pre",
  ))
    near.observe(pre);
})();
