import { accentShades, type Theme } from "../../lib/brand/accent.ts";
import { logoPath } from "../../lib/brand/place.ts";
import type { Brand } from "../../lib/contracts/console-policy.ts";
import type { Core } from "../core/core.ts";
import type { ImageRow } from "../storage/ports.ts";

export { brandSheet, logoPath } from "../../lib/brand/place.ts";

/** A logo as it was uploaded; null: there is none of that id. */
export async function logoOf(core: Core, id: string): Promise<{ type: string; bytes: Buffer } | null> {
  const image = await core.stores.images.find(id);
  return image === null ? null : { type: image.type, bytes: Buffer.from(image.data, "base64") };
}

/** By the brand that it tells of: each revision of the policy has one of its own. */
const sheets = new WeakMap<Brand, Promise<string>>();

/**
 * The operator's colour and logo as a style sheet, so that they are there with the first paint. An earlier revision may name a
 * logo that is not kept any more: then there is none. Whoever asks, the store is read once for each revision.
 */
export function brandSheetText(core: Core): Promise<string> {
  const { brand } = core.policy.document.console;
  let text = sheets.get(brand);
  if (text === undefined) {
    text = sheetOf(core, brand);
    sheets.set(brand, text);
    text.catch(() => sheets.delete(brand));
  }
  return text;
}

async function sheetOf(core: Core, { accent, logo }: Brand): Promise<string> {
  const find = async (id: string): Promise<ImageRow | null> => (id === "" ? null : core.stores.images.find(id));
  const [light, dark] = await Promise.all([find(logo.light), find(logo.dark)]);
  const usual = [...shades(accent, "light"), ...picture(light ?? dark)];
  const inDark = [...shades(accent, "dark"), ...picture(dark)];
  return [
    block(":root:root", usual),
    block(':root[data-theme="dark"]', inDark),
    // Pages without a script follow the system.
    inDark.length === 0
      ? ""
      : `@media (prefers-color-scheme: dark) {\n${block(":root:root:not([data-theme])", inDark)}}\n`,
  ].join("");
}

function shades(color: string, theme: Theme): readonly string[] {
  if (color === "") return [];
  const { accent, hover, on, soft } = accentShades(color, theme);
  return [`--accent: ${accent}`, `--accent-hover: ${hover}`, `--on-accent: ${on}`, `--accent-soft: ${soft}`];
}

function picture(image: ImageRow | null): readonly string[] {
  if (image === null) return [];
  const { id, width, height } = image;
  return [
    `--logo-image: url("${logoPath(id)}")`,
    `--logo-ratio: ${(width / height).toFixed(4)}`,
    "--logo-display: block",
    "--mark-display: none",
  ];
}

function block(selector: string, rules: readonly string[]): string {
  return rules.length === 0 ? "" : `${selector} {\n${rules.map((rule) => `  ${rule};\n`).join("")}}\n`;
}
