"use client";

import { useTranslations } from "use-intl";
import { Button } from "@/components/ui/button.tsx";
import { forgetKept } from "@/lib/format/kept.ts";

export function CrashPage() {
  const t = useTranslations("common.crash");
  const reload = () => {
    // A draft of another version of the console may be what the page cannot show.
    forgetKept();
    location.reload();
  };
  return (
    <div role="alert" className="flex max-w-[560px] flex-col items-start gap-3 px-6 py-10">
      <h1 className="text-title font-semibold">{t("title")}</h1>
      <p className="text-ink-2">{t("text")}</p>
      <Button onClick={reload}>{t("action")}</Button>
    </div>
  );
}
