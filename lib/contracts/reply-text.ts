/**
 * The text of a reply for somebody of a language: the one in it, else one in another form of it (`zh-CN` for `zh-TW`), else the
 * first. `texts` has them by language, as BCP 47 tags; "" where it has none.
 */
export function replyIn(texts: Readonly<Record<string, string>>, language: string): string {
  const wanted = language.toLowerCase();
  const entries = Object.entries(texts);
  const found =
    entries.find(([tag]) => tag.toLowerCase() === wanted) ??
    entries.find(([tag]) => primaryOf(tag.toLowerCase()) === primaryOf(wanted)) ??
    entries[0];
  return found?.[1] ?? "";
}

/** The language itself, without script, region or variant (RFC 5646 2.2.1). */
const primaryOf = (tag: string): string => tag.split("-", 1)[0]!;
