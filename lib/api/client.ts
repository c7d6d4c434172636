import { createORPCClient } from "@orpc/client";
import type { AnyContractRouter, ContractRouterClient } from "@orpc/contract";
import { OpenAPILink } from "@orpc/openapi-client/fetch";
import { createTanstackQueryUtils } from "@orpc/tanstack-query";
import type { Contract } from "../contracts/index.ts";
import { decodeProblem } from "./problem.ts";
import { routes } from "./routes.ts";

const link = new OpenAPILink(routers(), {
  url: () => `${location.origin}/api/v1`,
  fetch: async (request, init) =>
    readable(await fetch(request, { ...init, credentials: "same-origin", cache: "no-store" })),
  customErrorResponseBodyDecoder: (body, response) => {
    const requestId = response.headers["x-request-id"];
    return decodeProblem(body, response.status, Array.isArray(requestId) ? requestId[0] : requestId);
  },
});

/** The contract as far as a client needs it: the server has the schemas, and checks what it is sent. */
function routers(): AnyContractRouter {
  const entities: Record<string, Record<string, AnyContractRouter>> = {};
  for (const [name, { method, path, meta }] of Object.entries(routes)) {
    const [entity = "", verb = ""] = name.split(".");
    const route = { method, path, inputStructure: "compact" } as const;
    (entities[entity] ??= {})[verb] = { "~orpc": { errorMap: {}, meta, route } };
  }
  return entities;
}

/** The link parses `application/json` only; a problem (`application/problem+json`, RFC 9457) is the same thing. */
function readable(response: Response): Response {
  if (!response.headers.get("content-type")?.startsWith("application/problem+json")) return response;
  const headers = new Headers(response.headers);
  headers.set("content-type", "application/json");
  return new Response(response.body, { status: response.status, statusText: response.statusText, headers });
}

/** The admin API as functions: `client.users.list({ host })`. */
export const client: ContractRouterClient<Contract> = createORPCClient(link);

/** The same as query, mutation and key options for TanStack Query. */
export const api = createTanstackQueryUtils(client);
