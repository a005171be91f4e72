// Folds open for a link into them and for print; words of the glossary open where they stand; what is wider than the page
// shows that it goes on. Code is coloured when it comes near the screen, by ranges: a span for each word would be half of
// a page's elements.
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

  // On paper a closed fold would be lost, and dark colours as well. What answers a question, and code, stay folded.
  const { dataset } = document.documentElement;
  const TYPED = ".sl-guess .sl-said strong, .sl-box [type=text], .sl-box :checked";
  let closed = [];
  let theme = "";
  addEventListener("beforeprint", () => {
    closed = [...document.querySelectorAll(".bd-article details:not([open])")].filter(
      fold => !fold.matches(".hide, .sl-ask *, .sl-hint *, .sl *"),
    );
    for (const fold of closed) fold.open = true;
    // nor is there a field: print.css writes on the line what was typed
    for (const place of document.querySelectorAll(".sl-box, .sl-guess")) {
      const typed = [...place.querySelectorAll(TYPED)].map(it => it.value ?? it.textContent);
      place.dataset.typed = typed.filter(Boolean).join("; ");
    }
    theme = dataset.theme;
    dataset.theme = "light";
  });
  addEventListener("afterprint", () => {
    for (const fold of closed) fold.open = false;
    dataset.theme = theme;
  });

  // ---- words of the glossary ----
  const meaning = Object.assign(document.createElement("span"), {
    className: "meaning",
    popover: "auto",
    tabIndex: -1,
    role: "dialog",
  });
  document.addEventListener("click", event => {
    const word = event.target.closest?.('a[href*="glossary.html#term-"][title]');
    if (!word || !meaning.showPopover || event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    const more = Object.assign(document.createElement("a"), {
      href: word.href,
      textContent: "Glossary",
    });
    meaning.replaceChildren(`${word.title} `, more);
    meaning.setAttribute("aria-label", word.textContent);
    word.after(meaning);
    word.focus(); // where closing leads back to
    const { left, bottom } = [...word.getClientRects()].at(-1);
    meaning.showPopover();
    const room = document.documentElement.clientWidth - meaning.offsetWidth - 16;
    meaning.style.left = `${Math.max(16, Math.min(left, room)) + scrollX}px`;
    meaning.style.top = `${bottom + 4 + scrollY}px`;
    meaning.focus({ preventScroll: true });
  });
  // some script of the theme takes this key away from the browser
  meaning.addEventListener("keydown", event => {
    if (event.key === "Escape") meaning.hidePopover();
  });

  // ---- what is wider than the page ----
  function edges(it) {
    const more = it.scrollWidth - it.clientWidth;
    it.classList.toggle("more-left", it.scrollLeft > 1);
    it.classList.toggle("more-right", it.scrollLeft < more - 1);
    // the outermost named column: does it lie over the one before it?
    const named = it.querySelector("tbody .brink.named");
    const [before, its] = [named?.previousElementSibling, named].map(one =>
      one?.getBoundingClientRect(),
    );
    it.classList.toggle("goes-under", before?.right > its?.left + 1);
    if (more > 1) it.tabIndex = 0;
  }
  // The names of a table's rows stay at its left, the columns that its author named at its right (tables.py).
  function stay(table, room) {
    const first = table.tBodies[0]?.rows[0];
    if (!first) return;
    const widths = chosen => [...first.querySelectorAll(chosen)].map(cell => cell.offsetWidth);
    const [names, named] = [widths("th"), widths(".named").reverse()];
    const sum = (list, end) => list.slice(0, end).reduce((all, one) => all + one, 0);
    // beside what stays, the widest of the others must fit: in a slit no place of the scroll shows it whole
    const widest = Math.max(0, ...widths("td:not(.named)"));
    const fits = from => sum(names.slice(from)) + sum(named) + widest <= room;
    // names of two levels that take half of the screen: the second alone
    const last = Math.max(0, names.length - 1);
    const from = sum(names) > room / 2 || (!fits(0) && fits(last)) ? last : 0;
    const stays = fits(from);
    for (const row of table.rows) {
      const heads =
        row.parentElement === table.tHead
          ? [...row.cells].slice(0, names.length)
          : [...row.querySelectorAll("th")];
      heads.reverse().forEach((cell, k) => {
        const level = names.length - 1 - k;
        if (level >= from) cell.style.left = `${sum(names.slice(from), level - from)}px`;
        cell.classList.toggle("stays", level >= from);
        cell.classList.toggle("brink", k === 0);
      });
      [...row.querySelectorAll(".named")].reverse().forEach((cell, k) => {
        cell.style.right = `${sum(named, k)}px`;
        cell.classList.toggle("stays", stays);
        cell.classList.toggle("brink", stays && k === named.length - 1);
      });
    }
  }
  function fit(it) {
    const table = it.querySelector("table.dataframe");
    if (table && it.scrollWidth > it.clientWidth + 1) stay(table, it.clientWidth);
    edges(it);
  }

  // ---- colours of code ----
  const kinds = ["comment", "string", "keyword", "number"];
  const TOKEN =
    /(#.*)|((?:\b[rbfuRBFU]{1,2})?(?:'''[\s\S]*?'''|"""[\s\S]*?"""|'(?:\\.|[^'\\\n])*'|"(?:\\.|[^"\\\n])*"))|\b(False|None|True|and|as|assert|async|await|break|class|continue|def|del|elif|else|except|finally|for|from|global|if|import|in|is|lambda|nonlocal|not|or|pass|raise|return|try|while|with|yield)\b|(\b0[xob][\da-fA-F_]+|(?:\b\d[\d_]*\.?\d*|\B\.\d+)(?:[eE][+-]?\d+)?j?)/g;
  const painted =
    globalThis.Highlight &&
    kinds.map(kind => {
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

  function copyable(pre) {
    const button = document.createElement("button");
    button.className = "copy";
    button.textContent = "Copy";
    button.onclick = () => {
      getSelection().selectAllChildren(pre); // a clipboard of its own a page has over https only
      button.textContent = document.execCommand("copy") ? "Copied" : "Press Ctrl+C";
      setTimeout(() => {
        button.textContent = "Copy";
      }, 2000);
    };
    pre.after(button);
  }

  // ---- what comes near the screen ----
  const PYTHON = ":is(.highlight-ipython3, .highlight-python, .highlight-default) pre";
  const seen = new Set();
  const near = new IntersectionObserver(
    changes => {
      for (const { isIntersecting, target } of changes) {
        if (!isIntersecting) continue;
        near.unobserve(target);
        seen.add(target);
        fit(target);
        target.addEventListener("scroll", () => edges(target), { passive: true });
        if (!target.matches(PYTHON)) continue;
        if (painted) colour(target);
        copyable(target);
      }
    },
    { rootMargin: "500px" },
  );
  const WIDE = ".bd-content :is(pre, .cell_output .text_html, table.table)";
  for (const it of document.querySelectorAll(WIDE)) near.observe(it);
  addEventListener("resize", () => seen.forEach(fit));
})();
