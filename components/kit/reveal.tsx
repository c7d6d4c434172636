"use client";

import { useState } from "react";
import { useTranslations } from "use-intl";
import { visible } from "@/lib/format/visible.ts";

/** What people wrote to each other stays covered until somebody asks for it. */
export function Reveal({ text }: { text: string }) {
  const t = useTranslations("forward");
  const [isShown, setShown] = useState(false);
  if (isShown) return <bdi className="whitespace-pre-wrap wrap-anywhere">{visible(text, true)}</bdi>;
  return (
    <button
      type="button"
      className="min-h-6 text-accent underline-offset-2 hover:underline"
      onClick={() => setShown(true)}
    >
      {t("reallyShow")}
    </button>
  );
}
