import { ORPCError } from "@orpc/client";
import { z } from "zod";

/** What the server answers on an error (RFC 9457, with our members). Unknown members are dropped. */
const ProblemBody = z.object({
  code: z.string(),
  title: z.string().optional(),
  detail: z.string().optional(),
  requestId: z.string().optional(),
  /** Name of the permission or access rule that was missing. */
  permission: z.string().optional(),
  rule: z.string().optional(),
  retryAfterSeconds: z.number().optional(),
  clockSkewSeconds: z.number().optional(),
  errors: z.array(z.object({ path: z.string(), message: z.string() })).optional(),
  issues: z.array(z.unknown()).optional(),
});

export interface Problem extends z.infer<typeof ProblemBody> {
  /** HTTP status; 0 when no answer came. */
  status: number;
}

/** Turns a problem document into the error that the typed client throws; undefined when the body is none. */
export function decodeProblem(body: unknown, status: number, requestId: string | undefined) {
  const parsed = ProblemBody.safeParse(body);
  if (!parsed.success) return undefined;
  const problem: Problem = { ...parsed.data, status };
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
