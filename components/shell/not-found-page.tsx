"use client";

import { useTranslations } from "use-intl";
import { Button } from "@/components/ui/button.tsx";
import { Link } from "@/components/ui/link.tsx";
import { EntryFrame } from "./entry-frame.tsx";

export function NotFoundPage() {
  const t = useTranslations("common.notFound");
  return (
    <EntryFrame>
      <div className="flex max-w-[420px] flex-col items-start gap-3">
        <h1 className="text-title font-semibold">{t("title")}</h1>
        <p className="text-ink-2">{t("text")}</p>
        <Button asChild>
          <Link href="/">{t("action")}</Link>
        </Button>
      </div>
    </EntryFrame>
  );
}
