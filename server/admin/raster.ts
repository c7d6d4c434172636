/** What the header of a picture says, sides in pixels. */
export interface Raster {
  readonly type: "image/png" | "image/webp";
  readonly width: number;
  readonly height: number;
}

const pngStart = Buffer.from("89504e470d0a1a0a0000000d49484452", "hex");
const pngEnd = Buffer.from("0000000049454e44ae426082", "hex");

/** Looks at the header of a whole PNG or WebP file; null: it is neither, or is cut, or goes on after its end. */
export function rasterOf(bytes: Buffer): Raster | null {
  return png(bytes) ?? webp(bytes);
}

/** PNG 5.2 and 11.2.1: the signature, then IHDR; IEND is last. */
function png(bytes: Buffer): Raster | null {
  const isWhole = bytes.length > 45 && bytes.subarray(0, 16).equals(pngStart) && bytes.subarray(-12).equals(pngEnd);
  return isWhole ? { type: "image/png", width: bytes.readUInt32BE(16), height: bytes.readUInt32BE(20) } : null;
}

/** RFC 9649 2.4 to 2.7: a RIFF file of one of three kinds, whose size it says itself. */
function webp(bytes: Buffer): Raster | null {
  const isWhole =
    bytes.length >= 30 &&
    bytes.toString("latin1", 0, 4) === "RIFF" &&
    bytes.toString("latin1", 8, 12) === "WEBP" &&
    bytes.readUInt32LE(4) + 8 === bytes.length;
  if (!isWhole) return null;
  const type = "image/webp";
  switch (bytes.toString("latin1", 12, 16)) {
    case "VP8X":
      return { type, width: bytes.readUIntLE(24, 3) + 1, height: bytes.readUIntLE(27, 3) + 1 };
    case "VP8L": {
      if (bytes[20] !== 0x2f) return null;
      const sides = bytes.readUInt32LE(21);
      return { type, width: (sides & 0x3fff) + 1, height: ((sides >>> 14) & 0x3fff) + 1 };
    }
    case "VP8 ":
      if (bytes.readUIntBE(23, 3) !== 0x9d012a) return null;
      return { type, width: bytes.readUInt16LE(26) & 0x3fff, height: bytes.readUInt16LE(28) & 0x3fff };
    default:
      return null;
  }
}
