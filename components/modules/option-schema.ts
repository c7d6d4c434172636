/** The parts of JSON Schema that options of modules are written with. */
interface JsonSchema {
  readonly type?: string;
  readonly enum?: readonly unknown[];
  readonly default?: unknown;
  readonly description?: string;
  readonly minimum?: number;
  readonly maximum?: number;
  readonly properties?: Readonly<Record<string, JsonSchema>>;
  readonly items?: JsonSchema;
  readonly anyOf?: readonly JsonSchema[];
  readonly secret?: boolean;
}

/** How an option is asked for. Whatever has no field of its own is written as JSON. */
export type OptionKind = "switch" | "number" | "choice" | "text" | "list" | "json";

export interface Option {
  readonly name: string;
  readonly kind: OptionKind;
  readonly description: string;
  readonly default: unknown;
  readonly choices: readonly string[];
  readonly least: number | null;
  readonly most: number | null;
  /** `null` is one of its values. */
  readonly isNullable: boolean;
}

/** The options that a schema describes, in its order. */
export function optionsOf(schema: unknown): Option[] {
  const { properties = {} } = (schema ?? {}) as JsonSchema;
  return Object.entries(properties).map(([name, property]) => optionOf(name, property));
}

/** Has it a secret somewhere, as options of modules mark them? */
export function hasSecret(schema: unknown): boolean {
  const { secret, properties = {}, items, anyOf = [] } = (schema ?? {}) as JsonSchema;
  return secret === true || [...Object.values(properties), ...anyOf, ...(items ? [items] : [])].some(hasSecret);
}

function optionOf(name: string, schema: JsonSchema): Option {
  const branches = (schema.anyOf ?? [schema]).filter(({ type }) => type !== "null");
  const [only] = branches;
  const one = branches.length === 1 && only !== undefined ? only : null;
  return {
    name,
    kind: one === null ? "json" : kindOf(one),
    description: schema.description ?? one?.description ?? "",
    default: schema.default,
    choices: (one?.enum ?? []).filter((value): value is string => typeof value === "string"),
    least: bound(one?.minimum),
    most: bound(one?.maximum),
    isNullable: (schema.anyOf ?? []).some(({ type }) => type === "null"),
  };
}

function kindOf({ type, enum: values, items }: JsonSchema): OptionKind {
  if (values !== undefined) return values.every((value) => typeof value === "string") ? "choice" : "json";
  if (type === "boolean") return "switch";
  if (type === "integer" || type === "number") return "number";
  if (type === "string") return "text";
  return type === "array" && items?.type === "string" && items.enum === undefined ? "list" : "json";
}

// zod writes the bounds of all integers where an option says none.
function bound(value: number | undefined): number | null {
  return value === undefined || Math.abs(value) >= Number.MAX_SAFE_INTEGER ? null : value;
}

/** Is the option set to something else than its default? */
export function isChanged(option: Option, value: unknown): boolean {
  return value !== undefined && JSON.stringify(value) !== JSON.stringify(option.default);
}
