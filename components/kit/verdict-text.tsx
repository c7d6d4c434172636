"use client";

import { Check, X } from "lucide-react";
import { useTranslations } from "use-intl";

export function VerdictText({ isAllowed }: { isAllowed: boolean }) {
  const t = useTranslations("access.why");
  const Icon = isAllowed ? Check : X;
  return (
    <span
      className={isAllowed ? "inline-flex items-center gap-1.5 text-ok" : "inline-flex items-center gap-1.5 text-err"}
    >
      <Icon aria-hidden className="size-3.5" />
      {t(isAllowed ? "allowed" : "denied")}
    </span>
  );
}
