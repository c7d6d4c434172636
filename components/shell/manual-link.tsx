"use client";

import { BookOpen } from "lucide-react";
import { useTranslations } from "use-intl";
import { IconButton } from "@/components/ui/icon-button.tsx";
import { manualHref } from "./navigation.ts";
import { usePath } from "./use-path.ts";

/** To where the manual speaks of this page. The manual is the server's own, and in English. */
export function ManualLink() {
  const t = useTranslations("shell");
  return (
    <IconButton asChild label={t("manual")} className="max-sm:hidden">
      <a href={manualHref(usePath())} target="_blank" rel="noopener">
        <BookOpen aria-hidden className="size-4.5" />
      </a>
    </IconButton>
  );
}
