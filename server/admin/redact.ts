import type { z } from "zod";
import { branches, memberOf, type Shape, shapeOf } from "../core/schema-shape.ts";

const mask = "***";
const maxText = 1_000;
const maxItems = 20;

/**
 * A function that copies an input for the audit log: fields marked secret in the schema are masked, fields that the
 * schema does not know are left out, long texts and lists are cut.
 */
export function redactor(schema: z.ZodType): (input: unknown) => unknown {
  let shape: Shape | null = null;
  return (input) => {
    shape ??= shapeOf(schema);
    return copy([shape], input);
  };
}

function copy(shapes: readonly Shape[], value: unknown): unknown {
  const all = shapes.flatMap(branches);
  if (all.some((shape) => shape.secret === true)) return value === undefined || value === null ? value : mask;
  if (typeof value === "string") return value.length > maxText ? `${value.slice(0, maxText)}…` : value;
  if (typeof value !== "object" || value === null) return value;
  if (Array.isArray(value)) {
    const items = all.flatMap((shape) => shape.items ?? []);
    const kept = value.slice(0, maxItems).map((item) => copy(items, item));
    return value.length > maxItems ? [...kept, `… ${value.length - maxItems} more`] : kept;
  }
  const isOpen = all.every((shape) => shape.properties === undefined && shape.additionalProperties === undefined);
  const entries: [string, unknown][] = [];
  for (const [key, member] of Object.entries(value).slice(0, 100)) {
    const known = all.flatMap((shape) => memberOf(shape, key));
    if (known.length > 0 || isOpen) entries.push([key, copy(known, member)]);
  }
  return Object.fromEntries(entries);
}
