"use client";

import { X } from "lucide-react";
import { useTranslations } from "use-intl";
import { Button } from "@/components/ui/button.tsx";
import { useJoints } from "./joints.tsx";

/** What a list is filtered by, and the button that ends it. */
export function FilterChip({ text, onRemove }: { text: string; onRemove: () => void }) {
  const t = useTranslations("common");
  const { colon } = useJoints();
  return (
    <span className="inline-flex min-h-8 items-center gap-1 rounded-control border border-accent/40 bg-accent-soft pl-2.5">
      <bdi className="wrap-anywhere">{text}</bdi>
      <Button
        variant="ghost"
        size="sm"
        className="w-7 px-0"
        aria-label={`${t("remove")}${colon}${text}`}
        onClick={onRemove}
      >
        <X aria-hidden className="size-3.5" />
      </Button>
    </span>
  );
}
