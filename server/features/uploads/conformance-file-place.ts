import { PassThrough, Readable } from "node:stream";
import { expect, it } from "vitest";
import type { FilePlace } from "./file-place.ts";

const size = 300_000;
const content = Buffer.from(Array.from({ length: size }, (_, index) => index % 251));
const body = (bytes: Buffer): Readable => Readable.from(pieces(bytes));

/** As sockets give them: each in memory of its own. */
function* pieces(bytes: Buffer): Generator<Buffer> {
  for (let at = 0; at < bytes.length; at += 65_536) {
    const piece = Buffer.allocUnsafeSlow(Math.min(65_536, bytes.length - at));
    bytes.copy(piece, 0, at);
    yield piece;
  }
}

/** The bytes from `start` to `end` of a file; null: there is none. */
export async function read(place: FilePlace, id: string, start = 0, end = size - 1): Promise<Buffer | null> {
  const file = await place.open(id, start, end);
  if (file === null) return null;
  const out = new PassThrough();
  const chunks: Buffer[] = [];
  out.on("data", (chunk: Buffer) => chunks.push(Buffer.from(chunk)));
  await file.sendTo(out);
  await file.close();
  return Buffer.concat(chunks);
}

/** What every place for files does. */
export function filePlaceConformance(placeOf: () => FilePlace): void {
  it("gives back what it took, also after others", async () => {
    const place = placeOf();
    expect(await place.put("a", size, body(content))).toBe("stored");
    expect(await place.put("b", 3, body(Buffer.from("xyz")))).toBe("stored");
    expect((await read(place, "a"))?.equals(content)).toBe(true);
    expect(String(await read(place, "b", 0, 2))).toBe("xyz");
  });

  it.each([
    ["the beginning", 0, 9],
    ["one byte", 65_536, 65_536],
    ["the middle", 65_500, 200_000],
    ["the end", size - 10, size - 1],
  ])("gives a part: %s", async (_, start, end) => {
    const place = placeOf();
    await place.put("a", size, body(content));
    expect((await read(place, "a", start, end))?.equals(content.subarray(start, end + 1))).toBe(true);
  });

  it.each([
    ["too few", content.subarray(1)],
    ["nothing", Buffer.alloc(0)],
    ["too many", Buffer.concat([content, Buffer.from("x")])],
  ])("keeps nothing of %s bytes, and takes the file after that", async (_, bytes) => {
    const place = placeOf();
    expect(await place.put("a", size, body(bytes))).toBe("cut");
    expect(await read(place, "a")).toBeNull();
    expect(await place.put("a", size, body(content))).toBe("stored");
    expect((await read(place, "a"))?.equals(content)).toBe(true);
  });

  it("keeps nothing of a body whose sender goes away in the middle", async () => {
    const place = placeOf();
    const bytes = new PassThrough();
    bytes.write(content.subarray(0, 100_000));
    const outcome = place.put("a", size, bytes);
    bytes.destroy(new Error("connection lost"));
    expect(await outcome).toBe("cut");
    expect(await read(place, "a")).toBeNull();
  });

  it("has no file that it never took, and deletes what is there or not", async () => {
    const place = placeOf();
    expect(await place.open("none", 0, 1)).toBeNull();
    await place.remove("none");
    await place.put("a", size, body(content));
    await place.remove("a");
    expect(await read(place, "a")).toBeNull();
  });

  it("tells whoever reads that the other side went away", async () => {
    const place = placeOf();
    await place.put("a", size, body(content));
    const file = await place.open("a", 0, size - 1);
    const out = new PassThrough({ highWaterMark: 1 });
    const sent = file!.sendTo(out);
    out.destroy();
    await expect(sent).rejects.toThrow();
    await file!.close();
  });

  it("takes several at once", async () => {
    const place = placeOf();
    const ids = ["a", "b", "c", "d"];
    expect(await Promise.all(ids.map((id) => place.put(id, size, body(content))))).toEqual(ids.map(() => "stored"));
    for (const id of ids) expect((await read(place, id))?.equals(content)).toBe(true);
  });
}
