import { z } from "zod";

/** The parts of a JSON Schema that looking for secrets needs. */
export interface Shape {
  readonly secret?: boolean;
  readonly properties?: Readonly<Record<string, Shape>>;
  readonly additionalProperties?: Shape | boolean;
  readonly items?: Shape;
  readonly anyOf?: readonly Shape[];
  readonly oneOf?: readonly Shape[];
}

export function shapeOf(schema: z.ZodType): Shape {
  // JSON Schema is a plain tree of these members; anything else in it is ignored.
  return z.toJSONSchema(schema, { io: "input", unrepresentable: "any", reused: "inline" }) as Shape;
}

/** A shape and its alternatives. */
export function branches(shape: Shape): Shape[] {
  return [shape, ...[...(shape.anyOf ?? []), ...(shape.oneOf ?? [])].flatMap(branches)];
}

/** Shapes of a member of an object. */
export function memberOf(shape: Shape, key: string): readonly Shape[] {
  if (shape.properties !== undefined && Object.hasOwn(shape.properties, key)) return [shape.properties[key]!];
  return typeof shape.additionalProperties === "object" ? [shape.additionalProperties] : [];
}
