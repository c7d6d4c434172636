"use client";

import { useTranslations } from "use-intl";
import type { Problem } from "@/lib/api/problem.ts";
import { NoPermissionText } from "./no-permission-text.tsx";
import { EmptyState } from "./states.tsx";

/** A page, or a part of one, that this account may not see. */
export function NoPermission({ problem }: { problem: Problem }) {
  const t = useTranslations("errors.noPermission");
  return <EmptyState title={t("title")} text={<NoPermissionText problem={problem} />} />;
}
