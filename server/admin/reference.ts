import { createHash } from "node:crypto";
import type { ServerResponse } from "node:http";
import { OpenAPIGenerator, type OpenAPI } from "@orpc/openapi";
import { ZodToJsonSchemaConverter } from "@orpc/zod/zod4";
import { contract } from "../../lib/contracts/index.ts";
import type { Entry } from "./dispatch.ts";
import { referencePage, referenceStyle } from "./reference-page.ts";

const problem = {
  type: "object",
  required: ["type", "title", "status", "code", "requestId"],
  properties: {
    type: { type: "string" },
    title: { type: "string" },
    status: { type: "integer" },
    detail: { type: "string" },
    code: { type: "string" },
    requestId: { type: "string" },
    permission: { type: "string" },
    rule: { type: "string" },
    retryAfterSeconds: { type: "integer" },
    errors: {
      type: "array",
      items: { type: "object", properties: { path: { type: "string" }, message: { type: "string" } } },
    },
  },
} as const;

/** The OpenAPI 3.1 document of the contract; permission and audit action are in it as `x-permission` and `x-audit`. */
export async function openApiDocument(entries: ReadonlyMap<string, Entry>, version: string): Promise<OpenAPI.Document> {
  const generator = new OpenAPIGenerator({ schemaConverters: [new ZodToJsonSchemaConverter()] });
  const document = await generator.generate(contract, {
    info: {
      title: "Nightpost admin API",
      version,
      description: "Sign in with `Authorization: Bearer np_…` (an API key). Errors are problem details (RFC 9457).",
    },
    servers: [{ url: "/api/v1" }],
    components: { securitySchemes: { key: { type: "http", scheme: "bearer" } } },
  });
  for (const entry of entries.values()) annotate(document, entry);
  return document;
}

function annotate(document: OpenAPI.Document, { name, method, path, meta }: Entry): void {
  const verb = method.toLowerCase();
  if (!isVerb(verb)) return;
  const operation = document.paths?.[path]?.[verb];
  if (operation === undefined) return;
  const content = { "application/problem+json": { schema: problem } };
  Object.assign(operation, {
    operationId: name,
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

/** `/api/v1/openapi.json` and `/api/v1/docs`, made when first asked for. They hold nothing but the contract. */
export class Reference {
  readonly #entries: ReadonlyMap<string, Entry>;
  readonly #version: string;
  #document: Promise<OpenAPI.Document> | null = null;

  constructor(entries: ReadonlyMap<string, Entry>, version: string) {
    this.#entries = entries;
    this.#version = version;
  }

  /** false: the path is another one. */
  async serve(path: string, response: ServerResponse): Promise<boolean> {
    if (path !== "/api/v1/openapi.json" && path !== "/api/v1/docs") return false;
    const document = await (this.#document ??= openApiDocument(this.#entries, this.#version));
    if (path.endsWith(".json")) this.#send(response, "application/json", JSON.stringify(document), "default-src 'none'");
    else this.#send(response, "text/html; charset=utf-8", referencePage(document), pagePolicy);
    return true;
  }

  #send(response: ServerResponse, type: string, text: string, policy: string): void {
    const body = Buffer.from(text);
    response.writeHead(200, {
      "cache-control": "no-cache",
      "content-security-policy": `${policy}; frame-ancestors 'none'; base-uri 'none'`,
      "content-length": body.length,
      "content-type": type,
      "referrer-policy": "no-referrer",
      "x-content-type-options": "nosniff",
    });
    response.end(body);
  }
}

const styleHash = createHash("sha256").update(referenceStyle).digest("base64");
const pagePolicy = `default-src 'none'; style-src 'sha256-${styleHash}'`;
