"use client";

import { useTranslations } from "use-intl";
import { Badge } from "@/components/ui/badge.tsx";
import { visible } from "@/lib/format/visible.ts";

/** Tags of an account. */
export function TagList({ tags }: { tags: readonly string[] }) {
  const t = useTranslations("users");
  if (tags.length === 0) return null;
  return (
    <ul aria-label={t("tags")} className="inline-flex flex-wrap gap-1">
      {tags.map((tag) => (
        <li key={tag}>
          <Badge>
            <bdi>{visible(tag)}</bdi>
          </Badge>
        </li>
      ))}
    </ul>
  );
}
