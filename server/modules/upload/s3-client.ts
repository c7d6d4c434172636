import http, { type ClientRequest, type IncomingMessage } from "node:http";
import https from "node:https";
import { AwsV4Signer } from "aws4fetch";
import type { S3Settings } from "./s3-settings.ts";

/** Nothing moved for so long: the store has gone away. */
const defaultIdleMs = 30_000;
const maxSockets = 64;
/** Of an answer that is read as text: errors, and the ids of uploads in parts. */
const maxTextBytes = 64 * 1024;

export interface S3Call {
  readonly method: "GET" | "PUT" | "POST" | "DELETE";
  readonly key: string;
  readonly query?: Readonly<Record<string, string>>;
  readonly headers?: Readonly<Record<string, string>>;
}

/** Requests to an S3-compatible store, signed (AWS Signature Version 4) but for their bodies, which are streamed. */
export class S3Client {
  readonly #settings: S3Settings;
  readonly #idleMs: number;
  readonly #agent: http.Agent;
  readonly #isSecure: boolean;

  constructor(settings: S3Settings, idleMs = defaultIdleMs) {
    this.#settings = settings;
    this.#idleMs = idleMs;
    this.#isSecure = settings.endpoint.startsWith("https:");
    const options = { keepAlive: true, maxSockets };
    this.#agent = this.#isSecure ? new https.Agent(options) : new http.Agent(options);
  }

  /** A request whose body is still to be written and ended. */
  async begin({ method, key, query = {}, headers = {} }: S3Call): Promise<ClientRequest> {
    const { region, access_key_id: accessKeyId, secret_access_key: secretAccessKey } = this.#settings;
    const url = this.#urlOf(key);
    for (const [name, value] of Object.entries(query)) url.searchParams.set(name, value);
    const unsigned = new Headers({ "x-amz-content-sha256": "UNSIGNED-PAYLOAD" });
    const signer = new AwsV4Signer({
      method,
      url: url.href,
      headers: unsigned,
      accessKeyId,
      secretAccessKey,
      region,
      service: "s3",
    });
    const signed = await signer.sign();
    const request = (this.#isSecure ? https : http).request(signed.url, {
      method,
      agent: this.#agent,
      headers: { ...Object.fromEntries(signed.headers), ...headers },
    });
    request.setTimeout(this.#idleMs, () => request.destroy(new Error("the object store does not answer")));
    return request;
  }

  /** A request with a short body, or none. */
  async call(call: S3Call, body = ""): Promise<IncomingMessage> {
    const length = String(Buffer.byteLength(body));
    const request = await this.begin({ ...call, headers: { ...call.headers, "content-length": length } });
    const answer = answerTo(request);
    request.end(body);
    return answer;
  }

  close(): void {
    this.#agent.destroy();
  }

  #urlOf(key: string): URL {
    const { endpoint, bucket, path_style: isPathStyle } = this.#settings;
    const url = new URL(endpoint);
    if (!isPathStyle) url.hostname = `${bucket}.${url.hostname}`;
    const base = url.pathname.replace(/\/$/, "");
    url.pathname = [base, ...(isPathStyle ? [bucket] : []), key].join("/");
    return url;
  }
}

export function answerTo(request: ClientRequest): Promise<IncomingMessage> {
  const { promise, resolve, reject } = Promise.withResolvers<IncomingMessage>();
  request.once("response", resolve);
  // More of them may follow the first.
  request.on("error", reject);
  request.once("close", () => reject(new Error("the connection to the object store was closed")));
  return promise;
}

/** The body of a short answer. */
export async function textOf(answer: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of answer as AsyncIterable<Buffer>) {
    bytes += chunk.length;
    if (bytes <= maxTextBytes) chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString("utf8");
}

/** Text of the first element of that name in an answer. */
export function elementText(xml: string, name: string): string | undefined {
  const text = new RegExp(`<${name}>([^<]*)</${name}>`).exec(xml)?.[1];
  return text?.replaceAll("&quot;", '"').replaceAll("&lt;", "<").replaceAll("&gt;", ">").replaceAll("&amp;", "&");
}
