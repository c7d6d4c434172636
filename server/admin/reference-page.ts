import type { OpenAPI } from "@orpc/openapi";

export const referenceStyle = `
:root { color-scheme: light dark; --line: light-dark(#ddd, #333); --soft: light-dark(#666, #999); }
body { margin: 0 auto; max-width: 60rem; padding: 2rem 1.25rem 6rem; font: 15px/1.55 "IBM Plex Sans", system-ui, sans-serif; }
h1 { font-size: 1.5rem; margin: 0 0 .25rem; }
h2 { font-size: 1.05rem; margin: 2.5rem 0 .5rem; text-transform: capitalize; }
p, .note { color: var(--soft); margin: .25rem 0; }
code, pre { font: 13px/1.5 "IBM Plex Mono", ui-monospace, monospace; }
details { border-top: 1px solid var(--line); padding: .5rem 0; }
summary { cursor: pointer; display: grid; grid-template-columns: 4.5rem 1fr; gap: .25rem 1rem; align-items: baseline; }
summary:focus-visible { outline: 2px solid Highlight; outline-offset: 2px; }
summary .what { grid-column: 2; color: var(--soft); }
.method { font-weight: 600; }
dl { display: grid; grid-template-columns: max-content 1fr; gap: .25rem 1rem; margin: .75rem 0 .75rem 5.5rem; }
dt { color: var(--soft); } dd { margin: 0; }
pre { margin: .25rem 0 .75rem 5.5rem; padding: .75rem; border: 1px solid var(--line); border-radius: 6px; overflow: auto; max-height: 24rem; }
@media (max-width: 40rem) { dl, pre { margin-left: 0; } }
`;

const verbs = ["get", "post", "put", "patch", "delete"] as const;

interface Operation {
  readonly method: string;
  readonly path: string;
  readonly operation: OpenAPI.OperationObject & { readonly "x-permission"?: string; readonly "x-audit"?: string };
}

/** The contract as a page that needs no script: operations by entity, each with its permission, input and answer. */
export function referencePage(document: OpenAPI.Document): string {
  const groups = Map.groupBy(operationsOf(document), ({ operation }) => operation.tags?.[0] ?? "server");
  const sections = [...groups].map(([tag, operations]) => `<h2>${escape(tag)}</h2>${operations.map(section).join("")}`);
  return `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<title>${escape(document.info.title)}</title><style>${referenceStyle}</style></head><body><main>
<h1>${escape(document.info.title)}</h1>
<p>Version ${escape(document.info.version)}. Machine-readable: <a href="/api/v1/openapi.json">openapi.json</a>.</p>
<p>Send <code>Authorization: Bearer np_…</code> with a key from the console's settings. Lists answer
<code>{ items, nextCursor, total }</code>; pass <code>nextCursor</code> back as <code>cursor</code>. Errors are
<code>application/problem+json</code> with a stable <code>code</code>.</p>
${sections.join("\n")}
<h2>Schemas</h2>${Object.entries(document.components?.schemas ?? {})
    .map(definition)
    .join("")}
</main></body></html>`;
}

function operationsOf(document: OpenAPI.Document): Operation[] {
  return Object.entries(document.paths ?? {}).flatMap(([path, item]) =>
    verbs.flatMap((method) => {
      const operation = item?.[method];
      return operation === undefined ? [] : [{ method: method.toUpperCase(), path, operation }];
    }),
  );
}

function section({ method, path, operation }: Operation): string {
  const facts: [string, string][] = [["permission", operation["x-permission"] ?? ""]];
  if (operation["x-audit"] !== undefined) facts.push(["audited as", operation["x-audit"]]);
  const inputs = [...(operation.parameters ?? []), ...bodyOf(operation.requestBody)];
  return `<details id="${escape(operation.operationId ?? "")}"><summary><code class="method">${method}</code>
<code>${escape(`/api/v1${path}`)}</code><span class="what">${escape(operation.summary ?? "")}</span></summary>
<dl>${facts.map(([name, value]) => `<dt>${name}</dt><dd><code>${escape(value)}</code></dd>`).join("")}</dl>
${inputs.length === 0 ? "" : `<p class="note">Input</p>${inputs.map(schema).join("")}`}
<p class="note">Answer</p>${bodyOf(operation.responses?.["200"]).map(schema).join("")}</details>`;
}

function bodyOf(part: { content?: Record<string, { schema?: unknown }> } | { $ref: string } | undefined): unknown[] {
  const content = part !== undefined && "content" in part ? part.content : undefined;
  return Object.values(content ?? {}).map(({ schema: body }) => body);
}

function definition([name, value]: [string, unknown]): string {
  return `<details id="${escape(name)}"><summary><code class="method"></code><code>${escape(name)}</code></summary>${schema(value)}</details>`;
}

function schema(value: unknown): string {
  return `<pre>${escape(JSON.stringify(value, null, 2))}</pre>`;
}

function escape(text: string): string {
  return text.replace(/[&<>"']/g, (character) => `&#${character.codePointAt(0)};`);
}
