import type { Page } from "@playwright/test";

const blank = /.{0,12}[\p{Script=Han}，。；：！？、（）] [\p{Script=Han}，。；：！？、（）].{0,12}/gu;

/** Where a page, as it is seen and read aloud, has a blank between two Chinese characters, each with what stands around it. */
export async function chineseBlanks(page: Page): Promise<string[]> {
  const texts = await page.evaluate(() => {
    const read = ["aria-label", "title", "placeholder"].flatMap((name) =>
      Array.from(document.querySelectorAll(`[${name}]`), (element) => element.getAttribute(name) ?? ""),
    );
    return [document.title, document.body.innerText, ...read];
  });
  return texts.flatMap((text) => text.match(blank) ?? []);
}
