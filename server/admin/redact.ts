import { z } from "zod";

/** The parts of a JSON Schema that masking needs. */
interface Shape {
  readonly secret?: boolean;
  readonly properties?: Readonly<Record<string, Shape>>;
  readonly additionalProperties?: Shape | boolean;
  readonly items?: Shape;
  readonly anyOf?: readonly Shape[];
  readonly oneOf?: readonly Shape[];
}

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
    // JSON Schema is a plain tree of these members; anything else in it is ignored.
    shape ??= z.toJSONSchema(schema, { io: "input", unrepresentable: "any", reused: "inline" }) as Shape;
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

function branches(shape: Shape): Shape[] {
  return [shape, ...[...(shape.anyOf ?? []), ...(shape.oneOf ?? [])].flatMap(branches)];
}

function memberOf(shape: Shape, key: string): readonly Shape[] {
  if (shape.properties !== undefined && Object.hasOwn(shape.properties, key)) return [shape.properties[key]!];
  return typeof shape.additionalProperties === "object" ? [shape.additionalProperties] : [];
}
