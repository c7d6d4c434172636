import { OpenAPIGenerator, type OpenAPI } from "@orpc/openapi";
import { ZodToJsonSchemaConverter } from "@orpc/zod/zod4";
import { ForwardAttempt, ForwardEvent } from "../../lib/contracts/forward-event.ts";
import { ForwardRule } from "../../lib/contracts/forward-policy.ts";
import { ForwardTarget } from "../../lib/contracts/forward-target.ts";
import { HostSummary } from "../../lib/contracts/hosts.ts";
import { contract } from "../../lib/contracts/index.ts";
import { Condition, HostPolicy, Policy, PolicyIssue, Revision } from "../../lib/contracts/policy.ts";
import { RegistrationPolicy } from "../../lib/contracts/registration-policy.ts";
import { OnlineSession } from "../../lib/contracts/sessions.ts";
import { User } from "../../lib/contracts/users.ts";
import type { Entry } from "./dispatch.ts";
import { problemStatuses } from "./errors.ts";

/** Why, by a code, with what belongs into its sentence: so that it can be told in another language. */
const reason = {
  reason: { type: "string" },
  values: { type: "object", additionalProperties: { type: ["string", "number"] } },
} as const;

const problem = {
  type: "object",
  required: ["type", "title", "status", "code", "requestId"],
  properties: {
    type: { type: "string" },
    title: { type: "string" },
    status: { type: "integer" },
    detail: { type: "string" },
    code: { type: "string", enum: Object.keys(problemStatuses) },
    ...reason,
    requestId: { type: "string" },
    permission: { type: "string" },
    rule: { type: "string" },
    retryAfterSeconds: { type: "integer" },
    errors: {
      type: "array",
      items: { type: "object", properties: { path: { type: "string" }, message: { type: "string" }, ...reason } },
    },
  },
} as const;

// What several entries answer, or what would hide everything else.
const commonSchemas = {
  Policy: { schema: Policy, strategy: "output" },
  HostPolicy: { schema: HostPolicy, strategy: "output" },
  RegistrationPolicy: { schema: RegistrationPolicy, strategy: "output" },
  ForwardTarget: { schema: ForwardTarget, strategy: "output" },
  ForwardRule: { schema: ForwardRule, strategy: "output" },
  PolicyDraft: { schema: Policy, strategy: "input" },
  RegistrationDraft: { schema: RegistrationPolicy, strategy: "input" },
  ForwardTargetDraft: { schema: ForwardTarget, strategy: "input" },
  Condition: { schema: Condition },
  Revision: { schema: Revision },
  PolicyIssue: { schema: PolicyIssue },
  User: { schema: User },
  HostSummary: { schema: HostSummary },
  OnlineSession: { schema: OnlineSession },
  ForwardEvent: { schema: ForwardEvent },
  ForwardAttempt: { schema: ForwardAttempt },
} as const;

/** The OpenAPI 3.1 document of the contract; permission and audit action are in it as `x-permission` and `x-audit`. */
export async function openApiDocument(entries: ReadonlyMap<string, Entry>, version: string): Promise<OpenAPI.Document> {
  const generator = new OpenAPIGenerator({ schemaConverters: [new ZodToJsonSchemaConverter()] });
  const document = await generator.generate(contract, {
    commonSchemas,
    info: {
      title: "Nightpost admin API",
      version,
      description: "Sign in with `Authorization: Bearer np_…` (an API key). Errors are problem details (RFC 9457).",
    },
    servers: [{ url: "/api/v1" }],
    components: { securitySchemes: { key: { type: "http", scheme: "bearer" } } },
  });
  Object.assign(((document.components ??= {}).schemas ??= {}), { Problem: problem });
  for (const entry of entries.values()) annotate(document, entry);
  return document;
}

function annotate(document: OpenAPI.Document, { name, method, path, meta }: Entry): void {
  const verb = method.toLowerCase();
  if (!isVerb(verb)) return;
  const operation = document.paths?.[path]?.[verb];
  if (operation === undefined) return;
  const content = { "application/problem+json": { schema: { $ref: "#/components/schemas/Problem" } } };
  Object.assign(operation, {
    operationId: name,
    tags: name.split(".").slice(0, 1),
    "x-permission": meta.permission,
    ...(meta.audit === undefined ? {} : { "x-audit": meta.audit }),
    ...(meta.permission === "public" ? {} : { security: [{ key: [] }] }),
    responses: { ...operation.responses, default: { description: "Why not", content } },
  });
}

const verbs = ["get", "post", "put", "patch", "delete"] as const;
function isVerb(text: string): text is (typeof verbs)[number] {
  return verbs.some((verb) => verb === text);
}
