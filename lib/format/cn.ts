import { type ClassValue, clsx } from "clsx";
import { extendTailwindMerge } from "tailwind-merge";

const merge = extendTailwindMerge({
  extend: {
    classGroups: {
      "font-size": [{ text: ["label", "meta", "base", "body", "section", "title", "figure"] }],
      rounded: [{ rounded: ["control", "panel", "badge", "full"] }],
      shadow: [{ shadow: ["overlay"] }],
    },
  },
});

/** Joins class names; of two that set the same property the later one wins. */
export const cn = (...values: ClassValue[]): string => merge(clsx(values));
