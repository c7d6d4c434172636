import { type Document, isMap, isNode, isScalar, parseDocument } from "yaml";
import type { PolicyIssue } from "../../lib/contracts/policy.ts";
import type { CodeMark } from "../kit/code-editor.tsx";
import type { PolicyTextError } from "./policy-text.ts";

type Path = (string | number)[];

/** Where a text of the policy is wrong: what cannot be read, or else what the server says about it. */
export function policyMarks(
  text: string,
  error: PolicyTextError | null,
  issues: readonly PolicyIssue[],
  words: (issue: PolicyIssue) => string,
): CodeMark[] {
  const document = parseDocument(text);
  if (document.errors.length > 0)
    return document.errors.map(({ pos: [from, to], message }) => ({
      from,
      to: Math.max(from, to),
      severity: "error" as const,
      message: message.split(" at line")[0] ?? message,
    }));
  if (error !== null) {
    const place = "path" in error ? placeOf(document, text, error.path === "" ? [] : error.path.split(".")) : null;
    return place ? [{ ...place, severity: "error", message: error.message }] : [];
  }
  return issues.flatMap((issue) => {
    const place = placeOf(document, text, pathOf(issue.path));
    return place ? [{ ...place, severity: issue.severity, message: words(issue) }] : [];
  });
}

/** `hosts["bix.org"].acl.admin[0]` taken apart. */
function pathOf(path: string): Path {
  return [...path.matchAll(/\[(\d+)\]|\["((?:[^"\\]|\\.)*)"\]|([^.[\]]+)/g)].map(([, index, quoted, plain]) =>
    index === undefined
      ? quoted === undefined
        ? (plain ?? "")
        : (JSON.parse(`"${quoted}"`) as string)
      : Number(index),
  );
}

/**
 * What the path names, or the nearest thing above it that is in the text: a value in one word by itself, any other by
 * its key, or its first line.
 */
function placeOf(document: Document, text: string, path: Path): { from: number; to: number } | null {
  for (let length = path.length; length > 0; length--) {
    const node = document.getIn(path.slice(0, length), true);
    if (!isNode(node)) continue;
    const parent = document.getIn(path.slice(0, length - 1), true);
    const key = isMap(parent) ? parent.items.find((pair) => pair.value === node)?.key : null;
    const shown = !isScalar(node) && isNode(key) ? key : node;
    if (!shown.range) continue;
    const [from, to] = shown.range;
    return { from, to: from + text.slice(from, to).split("\n", 1)[0]!.length };
  }
  return null;
}
