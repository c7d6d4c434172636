import { createHash } from "node:crypto";
import type { ServerResponse } from "node:http";
import type { OpenAPI } from "@orpc/openapi";
import type { Entry } from "./dispatch.ts";
import { referencePage, referenceStyle } from "./reference-page.ts";

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
    const document = await (this.#document ??= this.#make());
    if (path.endsWith(".json"))
      this.#send(response, "application/json", JSON.stringify(document), "default-src 'none'");
    else this.#send(response, "text/html; charset=utf-8", referencePage(document), pagePolicy);
    return true;
  }

  async #make(): Promise<OpenAPI.Document> {
    // The generator is large, and most servers are never asked.
    const { openApiDocument } = await import("./openapi.ts");
    return openApiDocument(this.#entries, this.#version);
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
