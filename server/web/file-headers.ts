import type { FileRow } from "../features/uploads/uploaded-files.ts";

/** Shown by browsers in place; everything else is saved (security.md, uploads). No SVG: it is a document with scripts. */
const shownTypes = /^(?:image\/(?:png|jpeg|gif|webp|avif|bmp|heic|heif|jxl)|(?:audio|video)\/[a-z0-9.+-]+)$/;
/** What a browser could run or render as ours if it were asked to. */
const activeTypes = /html|xml|xsl|svg|script|css|wasm|flash|manifest|importmap|speculationrules|multipart/;

/** Headers that make a stranger's file harmless. Nothing that is served runs, embeds or reads anything. */
export const harmless: Readonly<Record<string, string>> = {
  "x-content-type-options": "nosniff",
  "content-security-policy": "default-src 'none'; frame-ancestors 'none'; sandbox",
  "referrer-policy": "no-referrer",
  // XEP-0363 6: web clients are served from elsewhere, and who has the URL may read the file.
  "access-control-allow-origin": "*",
  "access-control-expose-headers": "content-length, content-range, etag",
  "cross-origin-resource-policy": "cross-origin",
};

export const etagOf = ({ id }: FileRow): string => `"${id}"`;

/** Headers of a file that do not depend on the request. `now` in milliseconds. */
export function fileHeaders(file: FileRow, now: number): Record<string, string> {
  const { name, mediaType, keepUntil, storedAt } = file;
  const isShown = shownTypes.test(mediaType) && !activeTypes.test(mediaType);
  // RFC 6266 4.3: the plain name is for those who do not know the other.
  const plain = name.replaceAll(/[^\w .,()+-]/g, "_");
  const encoded = encodeURIComponent(name).replaceAll(
    /['()*!]/g,
    (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`,
  );
  return {
    ...harmless,
    "content-type": activeTypes.test(mediaType) ? "application/octet-stream" : mediaType,
    "content-disposition": `${isShown ? "inline" : "attachment"}; filename="${plain}"; filename*=UTF-8''${encoded}`,
    "accept-ranges": "bytes",
    etag: etagOf(file),
    "last-modified": new Date(storedAt ?? now).toUTCString(),
    "cache-control": `private, immutable, max-age=${Math.max(0, Math.floor((keepUntil - now) / 1000))}`,
  };
}
