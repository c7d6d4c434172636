"use client";

import { useQuery } from "@tanstack/react-query";
import { useLocale, useTranslations } from "use-intl";
import { Banner } from "@/components/ui/banner.tsx";
import { api } from "@/lib/api/client.ts";
import type { TargetHealth } from "@/lib/contracts/forward.ts";

/** A target that no rule names gets nothing: said here, where somebody wonders. */
export function IdleTargets({ targets }: { targets: readonly TargetHealth[] }) {
  const t = useTranslations("targets");
  const locale = useLocale();
  const rules = useQuery(api.forward.rules.queryOptions());
  if (!rules.data) return null;
  const named = new Set(rules.data.items.flatMap((rule) => (rule.enabled ? rule.targets : [])));
  const idle = targets.filter((target) => !named.has(target.name)).map((target) => target.name);
  if (idle.length === 0) return null;
  return (
    <Banner tone="warn">{t("idle", { count: idle.length, names: new Intl.ListFormat(locale).format(idle) })}</Banner>
  );
}
