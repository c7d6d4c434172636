import type { Readable, Writable } from "node:stream";

/** A body, a chunk at a time. */
export interface Chunks {
  /** At most `max` bytes; `gone`: whoever sends them went away in the middle. */
  next(max?: number): Promise<Buffer | "end" | "gone">;
}

export function chunksOf(bytes: Readable): Chunks {
  // The iterator tells of it, once it is asked.
  bytes.on("error", () => undefined);
  const chunks = bytes.iterator({ destroyOnReturn: false }) as AsyncIterator<Buffer>;
  let rest: Buffer | null = null;
  return {
    async next(max = Infinity) {
      let chunk = rest;
      rest = null;
      try {
        if (chunk === null) {
          const { done, value } = await chunks.next();
          if (done === true) return "end";
          chunk = value;
        }
      } catch {
        return "gone";
      }
      if (chunk.length <= max) return chunk;
      rest = chunk.subarray(max);
      return chunk.subarray(0, max);
    },
  };
}

/**
 * Frees a chunk that nobody looks at any more. Left to the collector, 64 MiB of them would pile up first: that much memory
 * outside of its heap V8 lets pass before it looks.
 */
export function giveBack({ buffer, byteLength }: Buffer): void {
  // Part of something larger is not ours to free.
  if (buffer instanceof ArrayBuffer && buffer.byteLength === byteLength) buffer.transfer(0);
}

/** Writes a chunk; resolves when nobody looks at it any more, rejects when the reader is gone. */
export function passOn(out: Writable, chunk: Buffer): Promise<void> {
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  const gone = (): void => reject(new Error("the reader is gone"));
  out.once("close", gone);
  out.write(chunk, (error) => {
    out.off("close", gone);
    if (error == null) resolve();
    else reject(error);
  });
  return promise;
}
