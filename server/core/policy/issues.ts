import type { PolicyIssue } from "../../../lib/contracts/policy.ts";
import { nearest } from "./nearest.ts";

/** What was found wrong with a document, in the order it was looked at. */
export class Issues {
  readonly list: PolicyIssue[] = [];

  error(code: PolicyIssue["code"], path: string, message: string, suggestion: string | null = null): void {
    this.list.push({ severity: "error", code, path, message, suggestion });
  }

  warn(code: PolicyIssue["code"], path: string, message: string, suggestion: string | null = null): void {
    this.list.push({ severity: "warning", code, path, message, suggestion });
  }

  /** A name that leads nowhere; the nearest one that exists is suggested. */
  unknown(what: string, name: string, path: string, known: Iterable<string>): void {
    this.error("unknown-name", path, `There is no ${what} ${name}.`, nearest(name, known));
  }
}
