"use client";

import { useTranslations } from "use-intl";
import { Page } from "@/components/kit/page.tsx";
import { PageHeader } from "@/components/kit/page-header.tsx";
import { KeysPanel } from "./keys-panel.tsx";
import { PreferencesPanel } from "./preferences-panel.tsx";
import { SessionsPanel } from "./sessions-panel.tsx";

export function SettingsPage() {
  const t = useTranslations("settings");
  return (
    <Page title={t("title")}>
      <PageHeader title={t("title")} />
      <PreferencesPanel />
      <KeysPanel />
      <SessionsPanel />
    </Page>
  );
}
