"use client";

import { useQuery } from "@tanstack/react-query";
import { Link2, Unlink2 } from "lucide-react";
import { useFormatter, useTranslations } from "use-intl";
import { Tooltip } from "@/components/ui/tooltip.tsx";
import { api } from "@/lib/api/client.ts";

/** Is the chain of entries whole? Each covers the one before, so none can be changed or taken out of the middle. */
export function ChainStatus() {
  const t = useTranslations("audit.chain");
  const format = useFormatter();
  const chain = useQuery(api.audit.verify.queryOptions({ staleTime: 60_000 }));
  if (!chain.data) return null;
  const { intact, brokenAt, rows, head } = chain.data;
  const Icon = intact ? Link2 : Unlink2;
  return (
    <Tooltip
      text={
        <span className="flex max-w-80 flex-col gap-1">
          <span>{t("head", { id: head.id })}</span>
          <code className="font-mono wrap-anywhere">{head.hash}</code>
          <code className="font-mono">nightpost audit verify</code>
        </span>
      }
    >
      <span
        tabIndex={0}
        role={intact ? undefined : "alert"}
        className={`inline-flex min-h-8 items-center gap-1.5 ${intact ? "text-ok" : "font-medium text-err"}`}
      >
        <Icon aria-hidden className="size-4" />
        {intact ? t("intact", { rows: format.number(rows) }) : t("broken", { id: brokenAt ?? 0 })}
      </span>
    </Tooltip>
  );
}
