import { existsSync } from "node:fs";
import { join } from "node:path";
import { createORPCClient, ORPCError } from "@orpc/client";
import type { ContractRouterClient } from "@orpc/contract";
import { OpenAPILink } from "@orpc/openapi-client/fetch";
import { Agent, fetch as undiciFetch } from "undici";
import { contract, type Contract } from "../../lib/contracts/index.ts";
import { CommandError, exitCodes } from "./exit.ts";

export type Api = ContractRouterClient<Contract>;

/** Where the server is: over its control socket (the caller's file permission is the authentication), or over HTTP. */
export type Connection =
  | { readonly kind: "socket"; readonly path: string }
  | { readonly kind: "http"; readonly url: string; readonly key: string };

export interface ConnectionOptions {
  readonly data: string;
  readonly url?: string | undefined;
  readonly key?: string | undefined;
}

export const controlSocket = (data: string): string => join(data, "nightpost.sock");

export function connectionOf(options: ConnectionOptions): Connection {
  if (options.url === undefined) return { kind: "socket", path: controlSocket(options.data) };
  if (options.key === undefined) {
    throw new CommandError("--server needs an API key: --key KEY or NIGHTPOST_KEY.", exitCodes.usage);
  }
  return { kind: "http", url: options.url.replace(/\/$/, ""), key: options.key };
}

/** The admin API as functions. Failures come as {@link CommandError} through {@link explain}. */
export function createClient(connection: Connection): Api {
  const isSocket = connection.kind === "socket";
  const dispatcher = new Agent({
    ...(isSocket && { connect: { socketPath: connection.path } }),
    headersTimeout: 120_000,
    bodyTimeout: 120_000,
  });
  const link = new OpenAPILink(contract, {
    url: isSocket ? "http://localhost/api/v1" : `${connection.url}/api/v1`,
    headers: () => (isSocket ? {} : { authorization: `Bearer ${connection.key}` }),
    fetch: async (request, init) => {
      const body = request.body === null ? null : await request.text();
      const answer = await undiciFetch(request.url, {
        ...init,
        method: request.method,
        headers: Object.fromEntries(request.headers),
        body,
        dispatcher,
        redirect: "error",
      });
      const text = await answer.text();
      const headers = new Headers(Object.fromEntries(answer.headers));
      // The link reads only `application/json` as JSON, and problem details (RFC 9457) are JSON, too.
      if (headers.get("content-type")?.startsWith("application/problem+json") === true)
        headers.set("content-type", "application/json");
      return new Response(text === "" ? null : text, { status: answer.status, headers });
    },
  });
  return createORPCClient(link);
}

interface Problem {
  readonly detail?: string;
  readonly title?: string;
  readonly errors?: readonly { readonly path?: string; readonly message?: string; readonly reason?: string }[];
}

/** What a refused command may be given to be let through, by the remark's code. */
const hints: Readonly<Record<string, string>> = {
  "reach-private": "--allow-private lets a target have it.",
};

/** Turns whatever a call failed with into a sentence and an exit code. */
export function explain(error: unknown, connection: Connection): CommandError {
  if (error instanceof CommandError) return error;
  if (error instanceof ORPCError) {
    const problem = problemOf(error);
    return new CommandError(
      problemText(problem, error.message),
      error.status === 401 || error.status === 403 ? exitCodes.notAllowed : exitCodes.negative,
    );
  }
  const code = causeCode(error);
  if (code === "ENOENT" || code === "ECONNREFUSED") {
    const place = connection.kind === "socket" ? connection.path : connection.url;
    const hint =
      connection.kind === "socket" && !existsSync(connection.path) ? " Start it with `nightpost start`." : "";
    return new CommandError(`No server answers at ${place}.${hint}`, exitCodes.notRunning);
  }
  if (code === "EACCES")
    return new CommandError("This user may not use the server's control socket.", exitCodes.notAllowed);
  return new CommandError(reasonOf(error));
}

// What is wrong with the whole, then with each field that this did not name, then what helps.
function problemText({ detail, title, errors = [] }: Problem, otherwise: string): string {
  const summary = detail ?? title ?? otherwise;
  const fields = errors
    .map(({ path = "", message = "" }) => `${path}: ${message}`)
    .filter((field) => field !== summary);
  const help = errors.flatMap(({ reason = "" }) => hints[reason] ?? []);
  return [summary, ...fields.map((field) => `  ${field}`), ...new Set(help)].join("\n");
}

// What fetch throws says only that it failed; its cause says why.
function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  return error.cause instanceof Error ? `${error.message}: ${reasonOf(error.cause)}` : error.message;
}

// The problem details arrive as the error's data, or, for statuses that the contract does not name, inside it as `body`.
function problemOf(error: ORPCError<string, unknown>): Problem {
  const data = error.data;
  if (typeof data !== "object" || data === null) return {};
  const inner = "body" in data ? data.body : data;
  return typeof inner === "object" && inner !== null ? inner : {};
}

function causeCode(error: unknown): string | undefined {
  for (let cause = error; cause instanceof Error; cause = cause.cause) {
    if ("code" in cause && typeof cause.code === "string" && /^E[A-Z]+$/.test(cause.code)) return cause.code;
  }
  return undefined;
}
