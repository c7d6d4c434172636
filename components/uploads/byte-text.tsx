"use client";

import { useLocale } from "use-intl";
import { formatBytes } from "@/lib/format/bytes.ts";

export function ByteText({ bytes }: { bytes: number }) {
  const locale = useLocale();
  return <span className="whitespace-nowrap">{formatBytes(bytes, locale)}</span>;
}
