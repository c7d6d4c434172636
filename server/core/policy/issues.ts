import type { PolicyIssue } from "../../../lib/contracts/policy.ts";
import { remark, type Remark, remarkText } from "../../../lib/contracts/remarks.ts";
import { nearest } from "./nearest.ts";

/** What a document may name, by the remark on a name that leads nowhere. */
const missing = {
  ACL: "no-such-acl",
  "access rule": "no-such-access-rule",
  shaper: "no-such-shaper",
  host: "no-such-host",
  role: "no-such-role",
  "forward target": "no-such-target",
} as const;

/** Where in a text something is wrong; lines and columns count from 1. */
interface Place {
  readonly line: number;
  readonly column: number;
}

/** What was found wrong with a document, in the order it was looked at. */
export class Issues {
  readonly list: PolicyIssue[] = [];

  error(code: PolicyIssue["code"], path: string, said: Remark, suggestion: string | null = null): void {
    this.list.push(issueOf("error", code, path, said, suggestion));
  }

  warn(code: PolicyIssue["code"], path: string, said: Remark, suggestion: string | null = null): void {
    this.list.push(issueOf("warning", code, path, said, suggestion));
  }

  /** A value that is wrong; of a text, where. */
  badValue(path: string, said: Remark, place: Place | null): void {
    const issue = issueOf("error", "bad-value", path, said);
    if (place === null) this.list.push(issue);
    else {
      const { line, column } = place;
      // For whoever reads the sentence alone.
      this.list.push({ ...issue, message: `Line ${line}, column ${column}: ${issue.message}`, line, column });
    }
  }

  /** A name that leads nowhere; the nearest one that exists is suggested. */
  unknown(what: keyof typeof missing, name: string, path: string, known: Iterable<string>): void {
    this.error("unknown-name", path, remark(missing[what], { name }), nearest(name, known));
  }
}

/** An issue with its sentence. */
export function issueOf(
  severity: PolicyIssue["severity"],
  code: PolicyIssue["code"],
  path: string,
  said: Remark,
  suggestion: string | null = null,
): PolicyIssue {
  return { severity, code, path, message: remarkText(said), suggestion, reason: said.reason, values: said.values };
}
