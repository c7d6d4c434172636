/**
 * The path of a request target without its query, if it is in canonical form; null otherwise. Dot segments, empty
 * segments, backslashes, control characters, encoded separators and encodings that do not round-trip have no business
 * in a path of ours, and are what path tricks are made of (security.md: Openfire's %u002e, `%2>`).
 */
export function cleanPath(target: string): string | null {
  const end = target.search(/[?#]/);
  const path = end < 0 ? target : target.slice(0, end);
  if (!path.startsWith("/") || path.length > 4096 || /[^\x21-\x7e]|[\\"<>^`{|}]/.test(path)) return null;
  const segments = path.slice(1).split("/");
  for (const [index, segment] of segments.entries()) {
    if (segment === "" && index < segments.length - 1) return null;
    if (!isCanonical(segment)) return null;
  }
  return path;
}

function isCanonical(segment: string): boolean {
  if (!segment.includes("%")) return segment !== "." && segment !== "..";
  let decoded: string;
  try {
    decoded = decodeURIComponent(segment);
  } catch {
    return false;
  }
  if (/[/\\\p{Cc}]|%[0-9a-f]{2}/iu.test(decoded) || decoded === "." || decoded === "..") return false;
  // Whatever was encoded must be something that needs it, or that clients are known to encode (brackets, `@`, `:`).
  return !/%(3[0-9]|[46][1-9a-f]|[57][0-9a]|2d|2e|5f|7e)/i.test(segment);
}
