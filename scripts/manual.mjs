// The manual, as pages that the console serves beside its own: whoever runs a server reads what belongs to that version, with no
// other site in between. Made of docs/ when the console is built.
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { Marked } from "marked";
import { root } from "./console-paths.mjs";

const source = join(root, "docs");

/** What GitHub calls a heading in addresses, so that links work in both places. */
export const anchorOf = (heading) =>
  heading
    .toLowerCase()
    .replaceAll(/[^\p{Letter}\p{Number}\- _]/gu, "")
    .replaceAll(" ", "-");

const escape = (text) => text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll('"', "&quot;");

/** Links to other documents lead to their pages; what is not part of the manual is named, and no link. */
const hrefOf = (href) => {
  if (/^(?:https?:|#)/.test(href)) return href;
  return /^(?:adr\/|\.\.\/)?[\w-]+\.md(?:#|$)/.test(href) && !/^\.\.\/[A-Z]/.test(href)
    ? href.replace(".md", ".html")
    : null;
};

const marked = new Marked({
  renderer: {
    heading({ tokens, depth }) {
      const html = this.parser.parseInline(tokens);
      const anchor = anchorOf(this.parser.parseInline(tokens, this.parser.textRenderer));
      return `<h${depth} id="${escape(anchor)}">${html}</h${depth}>\n`;
    },
    link({ href, tokens }) {
      const html = this.parser.parseInline(tokens);
      const to = hrefOf(href);
      return to === null ? html : `<a href="${escape(to)}">${html}</a>`;
    },
    table(token) {
      const rows = [token.header, ...token.rows].map((cells) => cells.map((cell) => this.tablecell(cell)).join(""));
      const [head, ...body] = rows.map((row) => `<tr>${row}</tr>`);
      // A region with a tab stop: wide tables scroll by keys, too.
      return `<div role="region" aria-label="Table" tabindex="0"><table><thead>${head}</thead><tbody>${body.join("")}</tbody></table></div>\n`;
    },
    // Documents are ours, but nothing of them is to be markup by accident.
    html: ({ text }) => escape(text),
  },
});

/** A document's title and its page; `above`: the way to the folder of the manual. */
export function manualPage(markdown, above = "") {
  const title = /^# (.+)$/m.exec(markdown)?.[1] ?? "Nightpost";
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<title>${escape(title)} · Nightpost</title>
<script src="${above}../theme.js"></script>
<link rel="icon" href="${above}../icon.svg">
<link rel="stylesheet" href="${above}tokens.css">
<link rel="stylesheet" href="${above}../manual.css">
</head>
<body>
<nav aria-label="Manual"><a href="${above}index.html">Nightpost manual</a><a href="${above}../">Console</a></nav>
<main>
${marked.parse(markdown, { async: false })}</main>
</body>
</html>
`;
}

/** The documents by their path below docs/, without what is made for developers' eyes only. */
export function manualSources() {
  return readdirSync(source, { recursive: true })
    .filter((file) => file.endsWith(".md") && !file.startsWith("examples"))
    .toSorted();
}

const titleOf = (file) => /^# (.+)$/m.exec(readFileSync(join(source, file), "utf8"))?.[1] ?? file;

function contents(files) {
  const lines = (some) => some.map((file) => `- [${titleOf(file)}](${file})`).join("\n");
  const isDecision = (file) => file.startsWith("adr/");
  return `# Manual

${lines(files.filter((file) => !isDecision(file)))}

## Decisions

${lines(files.filter(isDecision))}
`;
}

/** The console's colours, light and dark, for pages that have nothing else of its styles. */
function tokens() {
  const styles = readFileSync(join(root, "app/globals.css"), "utf8");
  return [...styles.matchAll(/^(?::root|\[data-theme="dark"\]) \{[^}]*\}/gm)].join("\n");
}

/** Writes the manual into a folder. */
export function writeManual(folder) {
  const files = manualSources();
  const write = (file, html) => {
    const path = join(folder, file.replace(/\.md$/, ".html"));
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, html);
  };
  for (const file of files)
    write(file, manualPage(readFileSync(join(source, file), "utf8"), file.includes("/") ? "../" : ""));
  write("index.md", manualPage(contents(files)));
  write("tokens.css", `${tokens()}\n`);
}
