"use client";

import dynamic from "next/dynamic";
import { parseAsStringLiteral, useQueryState } from "nuqs";
import { useTranslations } from "use-intl";
import { PageHeader } from "@/components/kit/page-header.tsx";
import { Page } from "@/components/kit/page.tsx";
import { PartSkeleton } from "@/components/kit/part-skeleton.tsx";
import { TabPanel, Tabs } from "@/components/ui/tabs.tsx";
import { useMay } from "@/lib/api/me.ts";
import { FactorsPanel } from "./factors-panel.tsx";
import { PreferencesPanel } from "./preferences-panel.tsx";
import { SessionsPanel } from "./sessions-panel.tsx";

const RolesTab = dynamic(() => import("./roles-tab.tsx").then((part) => part.RolesTab), {
  ssr: false,
  loading: PartSkeleton,
});

const LoginPolicyPanel = dynamic(() => import("./login-policy-panel.tsx").then((part) => part.LoginPolicyPanel), {
  ssr: false,
  loading: PartSkeleton,
});

const BrandPanel = dynamic(() => import("./brand-panel.tsx").then((part) => part.BrandPanel), {
  ssr: false,
  loading: PartSkeleton,
});

const AlertsPanel = dynamic(() => import("./alerts-panel.tsx").then((part) => part.AlertsPanel), {
  ssr: false,
  loading: PartSkeleton,
});

const KeysPanel = dynamic(() => import("./keys-panel.tsx").then((part) => part.KeysPanel), {
  ssr: false,
  loading: PartSkeleton,
});

const tabs = ["me", "roles", "login", "alerts", "keys"] as const;

export function SettingsPage() {
  const t = useTranslations("settings");
  const may = useMay();
  const [tab, setTab] = useQueryState(
    "tab",
    parseAsStringLiteral(tabs).withDefault("me").withOptions({ history: "push" }),
  );
  const isShown = {
    me: true,
    roles: may("roles.list"),
    login: may("roles.list"),
    alerts: may("alerts.get"),
    keys: may("keys.list"),
  };
  return (
    <Page title={t("title")}>
      <PageHeader title={t("title")} />
      <Tabs
        label={t("title")}
        value={tab}
        onChange={(next) => void setTab(next)}
        tabs={tabs
          .filter((value) => isShown[value] || value === tab)
          .map((value) => ({ value, label: t(`tabs.${value}`) }))}
      >
        <TabPanel value="me">
          <div className="flex flex-col gap-5">
            <PreferencesPanel />
            <FactorsPanel />
            <SessionsPanel />
          </div>
        </TabPanel>
        <TabPanel value="roles">
          <RolesTab />
        </TabPanel>
        <TabPanel value="login">
          <div className="flex flex-col gap-5">
            <LoginPolicyPanel />
            <BrandPanel />
          </div>
        </TabPanel>
        <TabPanel value="alerts">
          <AlertsPanel />
        </TabPanel>
        <TabPanel value="keys">
          <KeysPanel />
        </TabPanel>
      </Tabs>
    </Page>
  );
}
