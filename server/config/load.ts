import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import { isMap, LineCounter, parseDocument, type Document } from "yaml";
import { z } from "zod";
import { nearest } from "../core/policy/nearest.ts";
import { Config } from "./schema.ts";

/** A configuration that cannot be used; the message names file, line, column and key, and what was expected. */
export class ConfigError extends Error {
  override name = "ConfigError";
}

export interface LoadedConfig {
  readonly config: Config;
  /** Where each value that is not a default came from, for `nightpost config check`. */
  readonly sources: readonly { readonly key: string; readonly source: string }[];
}

interface Key {
  readonly path: readonly string[];
  readonly env: string | undefined;
  readonly schema: z.ZodType;
}

/** Every boot key, depth first, with its environment variable. */
export function configKeys(schema: z.ZodType = Config, path: readonly string[] = []): Key[] {
  const inner = unwrap(schema);
  if (!(inner instanceof z.ZodObject)) {
    const env = schema.meta()?.["env"];
    return [{ path, schema, env: typeof env === "string" ? env : undefined }];
  }
  return Object.entries(inner.shape).flatMap(([key, value]) => configKeys(value as z.ZodType, [...path, key]));
}

function unwrap(schema: z.ZodType): z.ZodType {
  if (schema instanceof z.ZodPrefault || schema instanceof z.ZodDefault) return unwrap(schema.unwrap() as z.ZodType);
  return schema;
}

/**
 * Reads the file (none: defaults), lays the environment over it and checks the whole.
 * @throws {ConfigError}
 */
export function loadConfig(file: string | undefined, env: Readonly<Record<string, string | undefined>>): LoadedConfig {
  const sources: { key: string; source: string }[] = [];
  const lines = new LineCounter();
  const document = file === undefined ? undefined : parseFile(file, lines);
  const value = toObject(document, file);
  for (const key of configKeys()) {
    if (key.env === undefined || env[key.env] === undefined) continue;
    put(value, key.path, fromEnvironment(key, env[key.env]!));
    sources.push({ key: key.path.join("."), source: key.env });
  }
  const parsed = Config.safeParse(value);
  if (!parsed.success) {
    throw new ConfigError(
      parsed.error.issues.map((issue) => describe(issue, document, lines, file, sources)).join("\n"),
    );
  }
  return { config: { ...parsed.data, data: resolve(parsed.data.data) }, sources };
}

function parseFile(file: string, lines: LineCounter): Document {
  let text: string;
  try {
    text = readFileSync(file, "utf8");
  } catch (error) {
    throw new ConfigError(`${file}: cannot be read: ${error instanceof Error ? error.message : String(error)}`);
  }
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false, uniqueKeys: true, stringKeys: true });
  const [first] = document.errors;
  if (first !== undefined) {
    const { line, col } = lines.linePos(first.pos[0]);
    throw new ConfigError(`${file}:${line}:${col}: ${first.message}`);
  }
  return document;
}

function toObject(document: Document | undefined, file: string | undefined): Record<string, unknown> {
  let value: unknown;
  try {
    value = document?.toJS() ?? null;
  } catch (error) {
    // An alias without its anchor, or so many that they would grow without end.
    throw new ConfigError(`${file}: ${error instanceof Error ? error.message : String(error)}`);
  }
  if (value === null) return {};
  if (!isMap(document?.contents))
    throw new ConfigError(`${file}:1:1: expected keys and values, such as \`data: /var/lib/nightpost\``);
  return value as Record<string, unknown>;
}

function put(target: Record<string, unknown>, path: readonly string[], value: unknown): void {
  const [key, ...rest] = path;
  if (key === undefined) return;
  if (rest.length === 0) {
    target[key] = value;
    return;
  }
  const child = target[key];
  if (typeof child !== "object" || child === null) target[key] = {};
  put(target[key] as Record<string, unknown>, rest, value);
}

// Environment variables are text: numbers, booleans and lists are read from it as the schema wants them.
function fromEnvironment(key: Key, text: string): unknown {
  const schema = z.toJSONSchema(key.schema, { io: "input" });
  const items = schema.items as { type?: string } | undefined;
  switch (schema.type) {
    case "integer":
    case "number":
      return numberOrText(text);
    case "boolean":
      return text === "true" || text === "1" ? true : text === "false" || text === "0" ? false : text;
    case "array": {
      const parts = text.split(",").flatMap((part) => (part.trim() === "" ? [] : [part.trim()]));
      return items?.type === "number" ? parts.map(numberOrText) : parts;
    }
    default:
      return text;
  }
}

// What is no number stays as it is, for the schema to refuse.
const numberOrText = (text: string): number | string => (/^-?\d+(\.\d+)?$/.test(text) ? Number(text) : text);

function describe(
  issue: z.core.$ZodIssue,
  document: Document | undefined,
  lines: LineCounter,
  file: string | undefined,
  sources: readonly { key: string; source: string }[],
): string {
  const path = issue.path.map(String);
  if (issue.code === "unrecognized_keys") {
    const key = issue.keys[0] ?? "";
    const known = configKeys()
      .map((one) => one.path.slice(0, path.length + 1))
      .filter((one) => path.every((part, index) => one[index] === part));
    const suggestion = nearest(
      key,
      known.map((one) => one.at(-1) ?? ""),
    );
    const hint = suggestion === null ? "" : `; did you mean \`${suggestion}\`?`;
    return `${position(document, [...path, key], lines, file)}there is no key \`${[...path, key].join(".")}\`${hint}`;
  }
  const key = path.join(".");
  const variable = sources.find((one) => key === one.key || key.startsWith(`${one.key}.`));
  const place = variable === undefined ? position(document, path, lines, file) : `${variable.source}: `;
  return `${place}\`${key}\`: ${issue.message}`;
}

function position(
  document: Document | undefined,
  path: readonly string[],
  lines: LineCounter,
  file: string | undefined,
): string {
  if (document === undefined || file === undefined) return "";
  // The deepest node of the path that the file has: a missing key is reported where it belongs.
  for (let length = path.length; length > 0; length -= 1) {
    const parent = document.getIn(path.slice(0, length - 1), true);
    const pair = isMap(parent) ? parent.items.find((item) => String(item.key) === path[length - 1]) : undefined;
    const node = (pair?.key ?? document.getIn(path.slice(0, length), true)) as
      | { range?: [number, number, number] }
      | undefined;
    if (node?.range !== undefined) {
      const { line, col } = lines.linePos(node.range[0]);
      return `${file}:${line}:${col}: `;
    }
  }
  return `${file}: `;
}
