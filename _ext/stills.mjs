// Reads {folder, pictures: {name: {module, state}}} and writes each as it stands at the start:
// {name: {svg, width, height, said}}. For readers whose browser runs no scripts (pictures.py).
import fs from "fs";
import { shown } from "./dom.mjs";

const WIDTH = 640;
const { folder, pictures } = JSON.parse(fs.readFileSync(0));
// what is raised keeps its mark: "C^0.73"
const said = ({ tag, kids, textContent }) =>
  kids ? (tag === "sup" ? "^" : "") + kids.map(said).join("") : textContent;
const stills = {};
for (const [name, { module, state }] of Object.entries(pictures)) {
  const page = shown((await import(`${folder}/${module}.mjs`)).default, state, WIDTH);
  const { width, height } = page.stage.attrs;
  const inside = page.stage.kids.map(kid => kid.markup()).join("");
  const svg = `<g class="${page.root.attrs.class}"><rect class="sl-ground" width="100%" height="100%"/>${inside}</g>`;
  const [sentence] = page.root.all(node => node.has("sl-sentence"));
  stills[name] = { svg, width: Number(width), height: Number(height), said: said(sentence) };
}
console.log(JSON.stringify(stills));
