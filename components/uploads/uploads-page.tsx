"use client";

import { useMutation } from "@tanstack/react-query";
import { parseAsStringLiteral, useQueryState } from "nuqs";
import { useTranslations } from "use-intl";
import { May } from "@/components/kit/may.tsx";
import { PageHeader } from "@/components/kit/page-header.tsx";
import { Page } from "@/components/kit/page.tsx";
import { toast } from "@/components/kit/toast.ts";
import { Button } from "@/components/ui/button.tsx";
import { TabPanel, Tabs } from "@/components/ui/tabs.tsx";
import { api } from "@/lib/api/client.ts";
import { AccountsTab } from "./accounts-tab.tsx";
import { FilesTab } from "./files-tab.tsx";
import { UploadServices } from "./upload-services.tsx";

const tabs = ["files", "accounts"] as const;

export function UploadsPage() {
  const t = useTranslations("uploads");
  const [tab, setTab] = useQueryState(
    "tab",
    parseAsStringLiteral(tabs).withDefault("files").withOptions({ history: "push" }),
  );
  const purge = useMutation(api.uploads.purge.mutationOptions());
  return (
    <Page title={t("title")}>
      <PageHeader
        title={t("title")}
        lead={t("lead")}
        actions={
          <May call="uploads.purge">
            <Button
              disabled={purge.isPending}
              onClick={() =>
                purge.mutate(undefined, {
                  onSuccess: ({ removed }) => toast.success(t("purged", { count: removed })),
                })
              }
            >
              {t("purge")}
            </Button>
          </May>
        }
      />
      <UploadServices />
      <Tabs
        label={t("title")}
        value={tab}
        onChange={(next) => void setTab(next)}
        tabs={tabs.map((each) => ({ value: each, label: t(each) }))}
      >
        <TabPanel value="files">
          <FilesTab />
        </TabPanel>
        <TabPanel value="accounts">
          <AccountsTab onOpen={() => void setTab("files")} />
        </TabPanel>
      </Tabs>
    </Page>
  );
}
