import { type AccessLine, Condition } from "./policy.ts";

/**
 * Conditions and lines in words, as verdicts, the command line and the console show and take them:
 *
 *     user harttle@bix.org
 *     ip 127.0.0.0/8,::1
 *     node_regexp "^a b$" ^example[.]org$
 *     allow acl admin and ip 127.0.0.0/8
 *
 * A value that is empty, holds white space or a quote, or is the word `and`, is written as a JSON string.
 */
export class PolicyTextError extends Error {
  override readonly name = "PolicyTextError";
}

const BARE = /^[^\s"]+$/;
const TOKEN = /\s*(?:("(?:[^"\\]|\\.)*")|([^\s"]+))/y;

const quote = (value: string): string => (BARE.test(value) && value !== "and" ? value : JSON.stringify(value));

interface Token {
  readonly text: string;
  readonly isQuoted: boolean;
}

function tokenize(text: string): Token[] {
  const tokens: Token[] = [];
  const source = text.trim();
  TOKEN.lastIndex = 0;
  while (TOKEN.lastIndex < source.length) {
    const at = TOKEN.lastIndex;
    const match = TOKEN.exec(source);
    if (match === null) throw new PolicyTextError(`a quote is not closed at character ${at + 1} of: ${source}`);
    tokens.push(match[1] === undefined ? { text: match[2]!, isQuoted: false } : unquote(match[1]));
  }
  return tokens;
}

function unquote(literal: string): Token {
  try {
    return { text: String(JSON.parse(literal)), isQuoted: true };
  } catch {
    throw new PolicyTextError(`${literal} is not a JSON string`);
  }
}

export function formatCondition(condition: Condition): string {
  if (typeof condition === "string") return condition;
  const [kind, value] = Object.entries(condition)[0] as [string, string | string[] | { user: string; server: string }];
  if (typeof value === "string") return `${kind} ${quote(value)}`;
  if (Array.isArray(value)) return `${kind} ${quote(value.join(","))}`;
  return `${kind} ${quote(value.user)} ${quote(value.server)}`;
}

export function formatLine(line: AccessLine): string {
  const [action, conditions] = "allow" in line ? (["allow", line.allow] as const) : (["deny", line.deny] as const);
  return `${action} ${conditions.map(formatCondition).join(" and ")}`;
}

function conditionFrom(tokens: readonly Token[]): Condition {
  const [kind, ...values] = tokens;
  if (kind === undefined) throw new PolicyTextError("a condition is missing");
  const words = values.map((token) => token.text);
  const draft = shapeCondition(kind.text, words);
  const result = Condition.safeParse(draft);
  if (result.success) return result.data;
  throw new PolicyTextError(`not a condition: ${tokens.map((token) => token.text).join(" ")}`);
}

function shapeCondition(kind: string, words: readonly string[]): unknown {
  const [first, second] = words;
  if (words.length === 0) return kind;
  if (words.length === 1 && kind === "ip" && first!.includes(",")) return { ip: first!.split(",") };
  if (words.length === 1) return { [kind]: first };
  if (words.length === 2 && (kind === "node_regexp" || kind === "node_glob"))
    return { [kind]: { user: first, server: second } };
  throw new PolicyTextError(
    `${kind} takes ${kind.startsWith("node_") ? "two values" : "one value"}: ${words.join(" ")}`,
  );
}

/** The reverse of {@link formatCondition}. Throws PolicyTextError. */
export function parseCondition(text: string): Condition {
  return conditionFrom(tokenize(text));
}

/** The reverse of {@link formatLine}. Throws PolicyTextError. */
export function parseLine(text: string): AccessLine {
  const [action, ...rest] = tokenize(text);
  const groups: Token[][] = [[]];
  for (const token of rest) {
    if (token.text === "and" && !token.isQuoted) groups.push([]);
    else groups.at(-1)!.push(token);
  }
  const conditions = groups.map(conditionFrom);
  if (action?.text === "allow") return { allow: conditions };
  if (action?.text === "deny") return { deny: conditions };
  throw new PolicyTextError(`a line begins with allow or deny: ${text.trim()}`);
}
