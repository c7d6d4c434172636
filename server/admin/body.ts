import type { IncomingMessage } from "node:http";
import { AdminError, refused } from "./errors.ts";

/** Twice what the deepest input of the contract needs; whoever walks the value afterwards may do so by recursion. */
const maxDepth = 32;

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
  const value = parse(Buffer.concat(chunks));
  if (isDeeperThan(maxDepth, value)) throw refused("bad-input", "body-too-deep", { most: maxDepth });
  return value;
}

function parse(bytes: Buffer): unknown {
  try {
    return JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(bytes));
  } catch {
    throw refused("bad-input", "body-not-json");
  }
}

function isDeeperThan(depth: number, value: unknown): boolean {
  let level = [value];
  for (let left = depth; left > 0 && level.length > 0; left -= 1)
    level = level.flatMap((one) => (typeof one === "object" && one !== null ? Object.values(one) : []));
  return level.some((one) => typeof one === "object" && one !== null);
}

function tooLarge(maxBytes: number): AdminError {
  return refused("too-large", "body-too-large", { most: maxBytes });
}
