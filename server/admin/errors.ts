import { ORPCError } from "@orpc/server";
import type { z } from "zod";
import { fillWords } from "../../lib/contracts/fill-words.ts";
import type { PolicyIssue } from "../../lib/contracts/policy.ts";
import { type RefusalCode, refusals, type RefusalValues } from "../../lib/contracts/refusals.ts";
import type { RemarkCode } from "../../lib/contracts/remarks.ts";
import { valueFault, valueFaultText } from "../../lib/contracts/value-faults.ts";

/** Every way the admin API says no, with its HTTP status. */
export const problemStatuses = {
  "bad-input": 400,
  unauthenticated: 401,
  "bad-credentials": 401,
  "second-factor": 401,
  "bad-code": 401,
  "bad-ticket": 401,
  forbidden: 403,
  "not-admin": 403,
  "bad-token": 403,
  "bad-address": 403,
  "not-found": 404,
  exists: 409,
  conflict: 409,
  "last-admin": 409,
  "locks-out-admin": 409,
  "setup-done": 410,
  "too-large": 413,
  "bad-media-type": 415,
  "policy-invalid": 422,
  throttled: 429,
  internal: 500,
  unavailable: 503,
} as const;

export type AdminErrorCode = keyof typeof problemStatuses;

const titles: Record<AdminErrorCode, string> = {
  "bad-input": "The input is not valid",
  unauthenticated: "No valid session or API key",
  "bad-credentials": "The address or the password is wrong",
  "second-factor": "A second factor is needed",
  "bad-code": "The code or the passkey is wrong",
  "bad-ticket": "This step took too long: begin again",
  forbidden: "Not allowed",
  "not-admin": "The account is not an admin",
  "bad-token": "The set-up token is not valid",
  "bad-address": "Nobody may log in from this address",
  "not-found": "There is no such thing",
  exists: "It exists already",
  conflict: "It was changed in the meantime",
  "last-admin": "It is the last admin",
  "locks-out-admin": "It would lock the admin out",
  "setup-done": "Set-up is complete",
  "too-large": "The request is too large",
  "bad-media-type": "Only JSON is understood",
  "policy-invalid": "The policy has errors",
  throttled: "Too many attempts",
  internal: "The server made a mistake",
  unavailable: "The server is busy or stopping",
};

export interface FieldError {
  /** Path of the input field, e.g. `users[0].local`. */
  readonly path: string;
  readonly message: string;
  /** Why, for those who tell the message in another language. */
  readonly reason?: RefusalCode | RemarkCode;
  readonly values?: Readonly<Record<string, string | number>>;
}

/** What a problem says beyond its code. */
export interface ProblemFacts {
  /** Why, for those who tell the sentence in another language; left out: the code says it all. */
  readonly reason?: RefusalCode;
  readonly values?: Readonly<Record<string, string | number>>;
  /** The permission that was missing. */
  readonly permission?: string;
  /** The access rule that would grant it. */
  readonly rule?: string;
  /** Accounts that can give roles. */
  readonly owners?: readonly string[];
  /** What stands for the password in the second step of a log-in. */
  readonly ticket?: string;
  readonly factors?: readonly ("totp" | "passkey")[];
  /** The code would have been right so many seconds later (or earlier: negative). */
  readonly clockSkewSeconds?: number;
  readonly retryAfterSeconds?: number;
  readonly errors?: readonly FieldError[];
  readonly issues?: readonly PolicyIssue[];
}

/** A refusal that the caller is told of. `message` is for people and holds nothing secret. */
export class AdminError extends ORPCError<AdminErrorCode, ProblemFacts> {
  constructor(code: AdminErrorCode, message: string = titles[code], facts: ProblemFacts = {}, cause?: unknown) {
    super(code, { status: problemStatuses[code], message, data: facts, cause });
  }
}

/** Values may be left out where a sentence has no places for any. */
type Filled<Reason extends RefusalCode> = keyof RefusalValues<Reason> extends never
  ? [values?: RefusalValues<Reason>, facts?: ProblemFacts]
  : [values: RefusalValues<Reason>, facts?: ProblemFacts];

/** A refusal with its reason. */
export function refused<Reason extends RefusalCode>(
  code: AdminErrorCode,
  reason: Reason,
  ...[given, facts]: Filled<Reason>
): AdminError {
  const values = given ?? {};
  return new AdminError(code, fillWords(refusals[reason], values), { ...facts, reason, values });
}

/** A problem with one input field. */
export function badInput<Reason extends RefusalCode>(
  path: string,
  reason: Reason,
  ...[given]: Filled<Reason>
): AdminError {
  const values = given ?? {};
  const message = fillWords(refusals[reason], values);
  return new AdminError("bad-input", `${path}: ${message}`, { errors: [{ path, message, reason, values }] });
}

/** The same in the words of whatever reads the field; `reason` says no more than they do. */
export function badInputAs(path: string, message: string, reason?: RefusalCode): AdminError {
  const error = reason === undefined ? { path, message } : { path, message, reason };
  return new AdminError("bad-input", `${path}: ${message}`, { errors: [error] });
}

/** What a schema finds wrong with an input, field by field. */
export function invalidInput(issues: readonly z.core.$ZodIssue[]): AdminError {
  const errors = issues.map((issue) => ({
    path: pathText(issue.path),
    message: valueFaultText(issue),
    ...valueFault(issue),
  }));
  const first = errors[0]!;
  return new AdminError("bad-input", first.path === "" ? first.message : `${first.path}: ${first.message}`, { errors });
}

/** RFC 9457 3, with the members that the console understands. */
export function problemBody(error: AdminError, requestId: string): Record<string, unknown> {
  return {
    type: `urn:nightpost:problem:${error.code}`,
    title: titles[error.code],
    status: error.status,
    detail: error.message,
    code: error.code,
    ...error.data,
    requestId,
  };
}

/** `["users", 0, "local"]` as `users[0].local`. */
export function pathText(path: readonly PropertyKey[]): string {
  let text = "";
  for (const step of path)
    text += typeof step === "number" ? `[${step}]` : text === "" ? String(step) : `.${String(step)}`;
  return text;
}
