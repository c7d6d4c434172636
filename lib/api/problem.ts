import { ORPCError } from "@orpc/client";
import type { PolicyIssue } from "../contracts/policy.ts";

/** What is wrong with a field: in English, and by a code where it has one. */
export interface FieldProblem {
  path: string;
  message: string;
  reason?: string;
  values?: Record<string, string | number>;
}

/** What the server answers on an error (RFC 9457, with our members). */
export interface Problem {
  code: string;
  /** HTTP status; 0 when no answer came. */
  status: number;
  title?: string;
  detail?: string;
  requestId?: string;
  /** Why, by a code of its own, with what belongs into its sentence. */
  reason?: string;
  values?: Record<string, string | number>;
  /** Name of the permission or access rule that was missing. */
  permission?: string;
  rule?: string;
  retryAfterSeconds?: number;
  clockSkewSeconds?: number;
  errors?: FieldProblem[];
  /** What is wrong with the policy that was to be applied. */
  issues?: PolicyIssue[];
}

const texts = ["title", "detail", "requestId", "reason", "permission", "rule"] as const;
const numbers = ["retryAfterSeconds", "clockSkewSeconds"] as const;

/** Unknown members are dropped, as is what is not of its kind; null: it is no problem. Schemas would be the heaviest part of a page. */
function readProblem(body: unknown, status: number): Problem | null {
  if (typeof body !== "object" || body === null) return null;
  const members = new Map<string, unknown>(Object.entries(body));
  const code = members.get("code");
  if (typeof code !== "string") return null;
  const problem: Problem = { code, status };
  for (const name of texts) {
    const value = members.get(name);
    if (typeof value === "string") problem[name] = value;
  }
  for (const name of numbers) {
    const value = members.get(name);
    if (typeof value === "number") problem[name] = value;
  }
  const values = members.get("values");
  if (isValues(values)) problem.values = values;
  const errors = members.get("errors");
  if (Array.isArray(errors)) problem.errors = errors.filter(isFieldError);
  const issues = members.get("issues");
  if (Array.isArray(issues)) problem.issues = issues.filter(isIssue);
  return problem;
}

function isIssue(value: unknown): value is PolicyIssue {
  if (typeof value !== "object" || value === null) return false;
  const members = new Map<string, unknown>(Object.entries(value));
  return ["severity", "code", "path", "message"].every((name) => typeof members.get(name) === "string");
}

function isFieldError(value: unknown): value is FieldProblem {
  if (typeof value !== "object" || value === null || !("path" in value) || !("message" in value)) return false;
  if ("reason" in value && typeof value.reason !== "string") return false;
  if ("values" in value && !isValues(value.values)) return false;
  return typeof value.path === "string" && typeof value.message === "string";
}

function isValues(value: unknown): value is Record<string, string | number> {
  if (typeof value !== "object" || value === null) return false;
  return Object.values(value).every((each) => typeof each === "string" || typeof each === "number");
}

/** Turns a problem document into the error that the typed client throws; undefined when the body is none. */
export function decodeProblem(body: unknown, status: number, requestId: string | undefined) {
  const problem = readProblem(body, status);
  if (problem === null) return undefined;
  if (problem.requestId === undefined && requestId !== undefined) problem.requestId = requestId;
  return new ORPCError(problem.code, {
    status,
    message: problem.detail ?? problem.title ?? problem.code,
    data: problem,
  });
}

/** The problem behind anything a call may throw. */
export function problemOf(error: unknown): Problem {
  if (error instanceof ORPCError) {
    const data: unknown = error.data;
    if (isProblem(data)) return data;
    return { code: error.code.toLowerCase().replaceAll("_", "-"), status: error.status, detail: error.message };
  }
  // fetch rejects with a TypeError when the server cannot be reached.
  if (error instanceof TypeError) return { code: "unreachable", status: 0 };
  return { code: "unexpected", status: 0, detail: error instanceof Error ? error.message : String(error) };
}

const isProblem = (data: unknown): data is Problem =>
  typeof data === "object" && data !== null && "code" in data && "status" in data;
