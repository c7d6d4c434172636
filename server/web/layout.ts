import { createHash } from "node:crypto";
import type { ServerResponse } from "node:http";
import { brandSheet } from "../features/brand.ts";
import { html, type Html } from "./html.ts";
import { type Language, languageTags } from "./language.ts";

/** What a page answers. */
export interface Answer {
  readonly status: number;
  readonly title: string;
  readonly body: Html;
  /** RFC 9110 10.2.3, seconds. */
  readonly retryAfter?: number;
}

const style = `
:root { color-scheme: light dark; }
body { font: 1rem/1.5 system-ui, sans-serif; margin: 0 auto; max-width: 34rem; padding: 2rem 1.25rem 4rem; }
h1 { font-size: 1.5rem; line-height: 1.25; margin: 0 0 1rem; overflow-wrap: anywhere; }
h2 { font-size: 1.125rem; margin: 2rem 0 .5rem; }
a.open, button { background: var(--accent, #1d4ed8); border: 0; border-radius: .375rem; color: var(--on-accent, #fff); cursor: pointer; display: inline-block;
  font: inherit; font-weight: 600; padding: .625rem 1.125rem; text-decoration: none; }
a.open:focus-visible, button:focus-visible, input:focus-visible { outline: 3px solid #93c5fd; outline-offset: 2px; }
label { display: block; margin: 1rem 0 .25rem; }
input { border: 1px solid #8a8f98; border-radius: .375rem; box-sizing: border-box; font: inherit; padding: .5rem; width: 100%; }
input[readonly] { opacity: .75; }
form button { margin-top: 1.5rem; }
.logo { aspect-ratio: var(--logo-ratio); background: var(--logo-image) left / contain no-repeat; display: var(--logo-display, none);
  margin-bottom: 1.5rem; max-height: 3rem; max-width: 100%; width: calc(3rem * var(--logo-ratio)); }
.at { color: light-dark(#565c66, #b3b8c2); overflow-wrap: anywhere; }
.problem { border-left: 4px solid #dc2626; margin: 1rem 0; padding: .25rem .75rem; }
svg { background: #fff; display: block; height: 12rem; width: 12rem; }
`;

const styleHash = createHash("sha256").update(style).digest("base64");

/** No script, no frame, nothing from elsewhere; forms go to this server only. */
const contentSecurityPolicy = [
  "default-src 'none'",
  `style-src 'self' 'sha256-${styleHash}'`,
  "img-src 'self'",
  "form-action 'self'",
  "base-uri 'none'",
  "frame-ancestors 'none'",
].join("; ");

export function sendPage(response: ServerResponse, language: Language, answer: Answer): void {
  const { status, title, body, retryAfter } = answer;
  const page = html`<!doctype html>
<html lang="${languageTags[language]}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="robots" content="noindex">
<title>${title}</title>
<link rel="stylesheet" href="${brandSheet}">
<style>`.text;
  const end = html`</style>
</head>
<body>
<main>
<div class="logo"></div>
<h1>${title}</h1>
${body}
</main>
</body>
</html>
`.text;
  response.writeHead(status, {
    "content-type": "text/html; charset=utf-8",
    "cache-control": "no-store",
    "content-security-policy": contentSecurityPolicy,
    "x-content-type-options": "nosniff",
    "x-frame-options": "DENY",
    "x-robots-tag": "noindex",
    // The address of a page is what opens it: no other site is told.
    "referrer-policy": "same-origin",
    "cross-origin-opener-policy": "same-origin",
    vary: "accept-language",
    ...(retryAfter !== undefined && { "retry-after": String(retryAfter) }),
  });
  response.end(page + style + end);
}
