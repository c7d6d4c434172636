import { assert, property, uint8Array } from "fast-check";
import { expect, test } from "vitest";
import { png } from "../../e2e/support/png.ts";
import { rasterOf } from "./raster.ts";

/** A WebP file with one chunk (RFC 9649 2.3). */
function webp(kind: string, body: readonly number[]): Buffer {
  const chunk = Buffer.alloc(8 + body.length);
  chunk.write(kind, "latin1");
  chunk.writeUInt32LE(body.length, 4);
  chunk.set(body, 8);
  const head = Buffer.alloc(12);
  head.write("RIFF", "latin1");
  head.writeUInt32LE(4 + chunk.length, 4);
  head.write("WEBP", 8, "latin1");
  return Buffer.concat([head, chunk]);
}

const whole = png(40, 20, [1, 2, 3]);
// 300 x 200 pixels in each of the three kinds.
const lossy = webp("VP8 ", [0, 0, 0, 0x9d, 0x01, 0x2a, 0x2c, 0x01, 0xc8, 0x00]);
const lossless = webp("VP8L", [0x2f, 0x2b, 0xc1, 0x31, 0x00, 0, 0, 0, 0, 0]);
const extended = webp("VP8X", [0x10, 0, 0, 0, 0x2b, 0x01, 0x00, 0xc7, 0x00, 0x00]);

test("type and sides of whole files", () => {
  expect(rasterOf(whole)).toEqual({ type: "image/png", width: 40, height: 20 });
  for (const file of [lossy, lossless, extended])
    expect(rasterOf(file)).toEqual({ type: "image/webp", width: 300, height: 200 });
});

test.each([
  ["nothing", Buffer.alloc(0)],
  ["a cut PNG", whole.subarray(0, -5)],
  ["a PNG that goes on as something else", Buffer.concat([whole, Buffer.from("<script>alert(1)</script>")])],
  ["a cut WebP", extended.subarray(0, -1)],
  ["a WebP that goes on", Buffer.concat([lossy, Buffer.from("%PDF-1.7")])],
  [
    "a WebP of no known kind",
    webp(
      "ANIM",
      Array.from({ length: 10 }, () => 0),
    ),
  ],
  ["an SVG", Buffer.from('<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>'.padEnd(80))],
  ["a GIF", Buffer.from("GIF89a".padEnd(80))],
])("%s is refused", (_name, bytes) => {
  expect(rasterOf(bytes)).toBeNull();
});

test("no bytes make it fail", () => {
  assert(
    property(uint8Array({ maxLength: 64 }), (bytes) => {
      for (const start of [whole.subarray(0, 16), lossy.subarray(0, 16), lossless.subarray(0, 16)])
        rasterOf(Buffer.concat([start, bytes]));
    }),
  );
});
