// Copied text has its formulas as LaTeX: $...$ in a line, $$...$$ on lines of their own.
document.addEventListener("copy", event => {
  const selection = getSelection();
  if (selection.isCollapsed || event.target.closest?.("input, textarea")) return;
  const range = selection.getRangeAt(0).cloneRange();
  const around = node =>
    (node.nodeType === Node.ELEMENT_NODE ? node : node.parentElement)?.closest("math");
  const first = around(range.startContainer);
  const last = around(range.endContainer);
  if (first) range.setStartBefore(first);
  if (last) range.setEndAfter(last);
  const copy = range.cloneContents();
  const formulas = copy.querySelectorAll("math");
  if (!formulas.length) return;
  for (const formula of formulas) {
    const latex = formula.querySelector("annotation").textContent.trim();
    const alone = formula.getAttribute("display") === "block";
    formula.replaceWith(alone ? `\n$$${latex}$$\n` : `$${latex}$`);
  }
  event.clipboardData.setData("text/plain", copy.textContent);
  event.preventDefault();
});

// A formula that is wider than the page scrolls: then, and only then, the keyboard must reach it.
function reach() {
  for (const place of document.querySelectorAll("div.math"))
    if (place.scrollWidth > place.clientWidth) place.tabIndex = 0;
    else place.removeAttribute("tabindex");
}
addEventListener("resize", reach);
document.fonts.ready.then(reach);
