import type { IncomingMessage } from "node:http";
import { AdminError } from "./errors.ts";

/** The JSON value of a request's body; undefined when there is none. Throws `too-large`, `bad-media-type`, `bad-input`. */
export async function readJson(request: IncomingMessage, maxBytes: number): Promise<unknown> {
  const length = Number(request.headers["content-length"] ?? 0);
  if (length > maxBytes) throw tooLarge(maxBytes);
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of request) {
    // Without an encoding set, a request gives Buffers.
    chunks.push(chunk as Buffer);
    bytes += (chunk as Buffer).length;
    if (bytes > maxBytes) throw tooLarge(maxBytes);
  }
  if (bytes === 0) return undefined;
  if (!/^application\/json\s*(;|$)/i.test(request.headers["content-type"] ?? ""))
    throw new AdminError("bad-media-type");
  try {
    return JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(Buffer.concat(chunks)));
  } catch {
    throw new AdminError("bad-input", "The request body is not valid JSON.");
  }
}

function tooLarge(maxBytes: number): AdminError {
  return new AdminError("too-large", `The request body may have at most ${maxBytes} bytes.`);
}
