import { createORPCClient } from "@orpc/client";
import type { ContractRouterClient } from "@orpc/contract";
import { OpenAPILink } from "@orpc/openapi-client/fetch";
import { createTanstackQueryUtils } from "@orpc/tanstack-query";
import { contract, type Contract } from "../contracts/index.ts";
import { decodeProblem } from "./problem.ts";

const link = new OpenAPILink(contract, {
  url: () => `${location.origin}/api/v1`,
  fetch: async (request, init) =>
    readable(await fetch(request, { ...init, credentials: "same-origin", cache: "no-store" })),
  customErrorResponseBodyDecoder: (body, response) => {
    const requestId = response.headers["x-request-id"];
    return decodeProblem(body, response.status, Array.isArray(requestId) ? requestId[0] : requestId);
  },
});

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
