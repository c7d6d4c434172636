import type { z } from "zod";
import { branches, memberOf, type Shape, shapeOf } from "./schema-shape.ts";
import type { Secrets } from "./secrets.ts";

/** What a sealed value begins with; the rest is as `Secrets.seal` makes it. */
const mark = "sealed:";

/**
 * Options of modules whose schema marks them secret. The policy holds them sealed, each bound to its module and option, so that
 * revisions, exports and rollbacks carry them and tell nothing.
 */
export class OptionSecrets {
  readonly #secrets: Pick<Secrets, "seal" | "open">;
  readonly #shapes = new WeakMap<z.ZodType, Shape>();

  constructor(secrets: Pick<Secrets, "seal" | "open">) {
    this.#secrets = secrets;
  }

  /** A copy in which no secret stands open; what is sealed stays as it is. */
  seal<Options>(module: string, schema: z.ZodType, options: Options): Options {
    const seal = (value: string, place: string): string =>
      value.startsWith(mark) ? value : mark + this.#secrets.seal(value, place);
    return this.#copy(module, schema, options, seal);
  }

  /** A copy for the module itself. Throws SecretsError for a value that another key, module or option was meant with. */
  open<Options>(module: string, schema: z.ZodType, options: Options): Options {
    const open = (value: string, place: string): string =>
      value.startsWith(mark) ? this.#secrets.open(value.slice(mark.length), place) : value;
    return this.#copy(module, schema, options, open);
  }

  #copy<Options>(
    module: string,
    schema: z.ZodType,
    options: Options,
    change: (value: string, place: string) => string,
  ): Options {
    let shape = this.#shapes.get(schema);
    if (shape === undefined) this.#shapes.set(schema, (shape = shapeOf(schema)));
    // Only strings are changed, into strings: it is what it was.
    return copy([shape], options, `module option ${module}`, change) as Options;
  }
}

function copy(
  shapes: readonly Shape[],
  value: unknown,
  place: string,
  change: (value: string, place: string) => string,
): unknown {
  const all = shapes.flatMap(branches);
  if (typeof value === "string") return all.some(({ secret }) => secret === true) ? change(value, place) : value;
  if (typeof value !== "object" || value === null) return value;
  if (Array.isArray(value)) {
    // Entries are not told apart: a list may be put in another order.
    const items = all.flatMap((shape) => shape.items ?? []);
    return value.map((item: unknown) => copy(items, item, place, change));
  }
  const members = Object.entries(value).map(([key, member]: [string, unknown]) => {
    const known = all.flatMap((shape) => memberOf(shape, key));
    return [key, copy(known, member, `${place}.${key}`, change)] as const;
  });
  return Object.fromEntries(members);
}
