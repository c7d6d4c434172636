import type { Page } from "@playwright/test";

/** Names of standards and products that are the same in every language. */
const names = [
  /XEP-\d{4}/g,
  /RFC \d+(?: \d+(?:\.\d+)*)?/g,
  /\b(?:APNs|FCM|Web Push|Service Worker|Let's Encrypt|Blackbox Exporter|Prometheus|Grafana)\b/g,
];

/**
 * What a page in Chinese says in another language: runs of more than three words in Latin letters, in what is seen and in
 * what is read aloud. What is code, an address or somebody's own words is marked as such in the page, and left out.
 */
export async function latinRuns(page: Page): Promise<string[]> {
  const texts = await page.evaluate(() => {
    const isForeign = "code, pre, kbd, samp, bdi, textarea, [lang=en], [translate=no], .font-mono, script, style";
    const found: string[] = [];
    const blocks = new Map<Element, string>();
    const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
    for (let node = walker.nextNode(); node !== null; node = walker.nextNode()) {
      const parent = node.parentElement;
      if (parent === null) continue;
      let block = parent;
      while (block.parentElement !== null && getComputedStyle(block).display.startsWith("inline"))
        block = block.parentElement;
      const text = parent.closest(isForeign) === null ? (node.textContent ?? "") : " · ";
      blocks.set(block, (blocks.get(block) ?? "") + text);
    }
    found.push(...blocks.values());
    for (const element of document.querySelectorAll("[aria-label], [title], [placeholder]")) {
      if (element.closest(isForeign) !== null) continue;
      for (const name of ["aria-label", "title", "placeholder"]) found.push(element.getAttribute(name) ?? "");
    }
    return found;
  });
  return texts.flatMap((text) => {
    const own = names.reduce((rest, name) => rest.replace(name, " · "), text);
    return own.match(/[A-Za-z][A-Za-z'’-]*(?:[\s,;:]+[A-Za-z][A-Za-z'’-]*){3,}/g) ?? [];
  });
}
