import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import type { Page } from "@playwright/test";

const axe = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");

interface Engine {
  run(context: Document, options: object): Promise<{ violations: { id: string; nodes: { html: string }[] }[] }>;
}

/** What axe finds against WCAG 2.2 AA, with the page as it is: a rule and the places where it is broken. */
export async function violationsOf(page: Page): Promise<string[]> {
  // The page's policy lets no foreign script run, so axe is injected past it.
  const client = await page.context().newCDPSession(page);
  await client.send("Page.setBypassCSP", { enabled: true });
  await page.evaluate(axe);
  const violations = await page.evaluate(async () => {
    const { axe: engine } = window as Window & typeof globalThis & { axe: Engine };
    const tags = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"];
    const { violations: found } = await engine.run(document, { runOnly: { type: "tag", values: tags } });
    return found.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html.slice(0, 160)).join(" | ")}`);
  });
  await client.send("Page.setBypassCSP", { enabled: false });
  await client.detach();
  return violations;
}
