// Documents name files. A file that has moved leaves a sentence that sends the reader nowhere, so every path that a
// document links to or sets in code has to be there.
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { root } from "./setup.mjs";

/** Paths in code are written from the root of the checkout or, where it is clear, from `server/`. */
const bases = [root, join(root, "server")];
const folders = new Set(bases.flatMap(foldersIn));

/** Links to files beside the document, and code spans that begin with one of our folders: `core/router.ts`, `e2e/crash`. */
export function citedPaths() {
  const missing = [];
  const documents = [...markdownIn(""), ...["docs", "e2e", "bench"].flatMap((folder) => markdownIn(folder, true))];
  for (const document of documents) {
    const text = readFileSync(join(root, document), "utf8").replaceAll(/^```.*?^```/gms, "");
    const here = dirname(join(root, document));
    for (const [, link] of text.matchAll(/\]\(([^)#\s]+)[^)]*\)/g))
      if (!/^[a-z]+:/.test(link) && !existsSync(join(here, link))) missing.push(`${document}: ${link}`);
    for (const [, path] of text.matchAll(/`([\w.-]+\/[\w./-]*)`/g))
      if (folders.has(path.split("/")[0]) && ![...bases, here].some((base) => existsSync(join(base, path))))
        missing.push(`${document}: ${path}`);
  }
  return { code: missing.length === 0 ? 0 : 1, output: missing.join("\n") };
}

function foldersIn(base) {
  return readdirSync(base, { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map((entry) => entry.name);
}

function markdownIn(folder, recursive = false) {
  return readdirSync(join(root, folder), { recursive })
    .filter((name) => name.endsWith(".md"))
    .map((name) => join(folder, name));
}
