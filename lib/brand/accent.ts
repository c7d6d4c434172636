import { contrast, hexOf, oklchOf, type Oklch } from "./oklch.ts";

/** What the console makes of one colour in a theme, each `#rrggbb`. */
export interface AccentShades {
  readonly accent: string;
  readonly hover: string;
  /** Text on either. */
  readonly on: string;
  /** A ground that the accent is read on. */
  readonly soft: string;
  /** The colour as it was given could not be read in this theme. */
  readonly isAdjusted: boolean;
}

export type Theme = "light" | "dark";

/** WCAG 2.2, 1.4.3 (AA). */
export const leastContrast = 4.5;
const step = 0.005;

/** The grounds of `app/globals.css` that the accent stands on: canvas, surface and sunken. */
export const grounds: Record<Theme, readonly string[]> = {
  light: [hexOf({ l: 0.985, c: 0.003, h: 255 }), hexOf({ l: 1, c: 0, h: 0 }), hexOf({ l: 0.965, c: 0.005, h: 255 })],
  dark: [
    hexOf({ l: 0.17, c: 0.012, h: 260 }),
    hexOf({ l: 0.205, c: 0.013, h: 260 }),
    hexOf({ l: 0.145, c: 0.011, h: 260 }),
  ],
};

const themes = {
  light: { on: "#ffffff", soft: { l: 0.958, c: 0.02 }, towards: -1, hover: -0.06 },
  dark: { on: hexOf({ l: 0.17, c: 0.02, h: 260 }), soft: { l: 0.275, c: 0.05 }, towards: 1, hover: 0.06 },
} as const;

/** Shades of `#rrggbb` for a theme: the same hue, darker or lighter by as much as it needs to be read there. */
export function accentShades(color: string, theme: Theme): AccentShades {
  const { on, soft: ground, towards, hover } = themes[theme];
  const given = oklchOf(color);
  const soft = hexOf({ ...ground, c: Math.min(ground.c, given.c), h: given.h });
  const isReadable = (hex: string): boolean =>
    [...grounds[theme], soft, on].every((other) => contrast(hex, other) >= leastContrast);
  let shade: Oklch = given;
  let accent = color;
  while (!isReadable(accent) && shade.l !== (towards < 0 ? 0 : 1)) {
    shade = { ...shade, l: Math.min(1, Math.max(0, shade.l + towards * step)) };
    accent = hexOf(shade);
  }
  return {
    accent,
    hover: hexOf({ ...shade, l: Math.min(1, Math.max(0, shade.l + hover)) }),
    on,
    soft,
    isAdjusted: accent !== color,
  };
}
