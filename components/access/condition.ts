import type { Condition } from "../../lib/contracts/policy.ts";

export const conditionKinds = [
  "acl",
  "user",
  "server",
  "resource",
  "ip",
  "user_regexp",
  "server_regexp",
  "resource_regexp",
  "node_regexp",
  "user_glob",
  "server_glob",
  "resource_glob",
  "node_glob",
  "all",
  "none",
] as const;
export type ConditionKind = (typeof conditionKinds)[number];

/** A condition taken apart: one text, or two for the kinds that look at user and server together. */
export interface ConditionParts {
  kind: ConditionKind;
  value: string;
  server: string;
}

const isKind = (text: string | undefined): text is ConditionKind => conditionKinds.some((kind) => kind === text);

/** Whether the kind has no value, one, or a pair. */
export const shapeOf = (kind: ConditionKind): "word" | "pair" | "value" =>
  kind === "all" || kind === "none" ? "word" : kind.startsWith("node_") ? "pair" : "value";

export function readCondition(condition: Condition): ConditionParts {
  if (typeof condition === "string") return { kind: condition, value: "", server: "" };
  const [key, value] = Object.entries(condition)[0] ?? [];
  const kind = isKind(key) ? key : "none";
  if (typeof value === "string") return { kind, value, server: "" };
  if (Array.isArray(value)) return { kind, value: value.join(", "), server: "" };
  return { kind, value: value?.user ?? "", server: value?.server ?? "" };
}

export function writeCondition({ kind, value, server }: ConditionParts): Condition {
  switch (kind) {
    case "all":
    case "none":
      return kind;
    case "node_regexp":
      return { node_regexp: { user: value, server } };
    case "node_glob":
      return { node_glob: { user: value, server } };
    case "ip": {
      const networks = value.split(/[\s,]+/).filter(Boolean);
      return { ip: networks.length === 1 ? (networks[0] ?? "") : networks };
    }
    default:
      return { [kind]: value.trim() } as Condition;
  }
}

/** One text for a condition's value, as the sentence shows it. */
export function conditionText({ kind, value, server }: ConditionParts): string {
  return shapeOf(kind) === "pair" ? `${value || "*"} @ ${server || "*"}` : value;
}
