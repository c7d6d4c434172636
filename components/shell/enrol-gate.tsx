"use client";

import dynamic from "next/dynamic";
import type { ReactNode } from "react";
import { useTranslations } from "use-intl";
import { PageHeader } from "@/components/kit/page-header.tsx";
import { Page } from "@/components/kit/page.tsx";
import { PartSkeleton } from "@/components/kit/part-skeleton.tsx";
import { useMe } from "@/lib/api/me.ts";

const FactorsPanel = dynamic(
  () => import("@/components/settings/factors-panel.tsx").then(({ FactorsPanel: panel }) => panel),
  { ssr: false, loading: PartSkeleton },
);

/** Whoever has to add a second factor first sees nothing but that: the server grants nothing else. */
export function EnrolGate({ children }: { children: ReactNode }) {
  const t = useTranslations("factors");
  const me = useMe();
  if (me.data?.mustEnrol !== true) return children;
  return (
    <Page title={t("enrolTitle")}>
      <PageHeader title={t("enrolTitle")} lead={t("enrolText")} />
      <FactorsPanel />
    </Page>
  );
}
