"use client";

import { useQuery } from "@tanstack/react-query";
import { Plus } from "lucide-react";
import dynamic from "next/dynamic";
import { parseAsString, useQueryState } from "nuqs";
import { useState } from "react";
import { useTranslations } from "use-intl";
import { May } from "@/components/kit/may.tsx";
import { PageHeader } from "@/components/kit/page-header.tsx";
import { Page } from "@/components/kit/page.tsx";
import { QueryView } from "@/components/kit/query-view.tsx";
import { EmptyState } from "@/components/kit/states.tsx";
import { TableSkeleton } from "@/components/kit/table-skeleton.tsx";
import { useCreateFlag } from "@/components/kit/use-create-flag.ts";
import { Button } from "@/components/ui/button.tsx";
import { Link } from "@/components/ui/link.tsx";
import { Panel } from "@/components/ui/panel.tsx";
import { api } from "@/lib/api/client.ts";
import type { TargetHealth } from "@/lib/contracts/forward.ts";
import { FaultBanner } from "./fault-banner.tsx";
import { IdleTargets } from "./idle-targets.tsx";
import type { MadeSecret } from "./secret-dialog.tsx";
import { TargetTable } from "./target-table.tsx";

const RecoverDialog = dynamic(
  () => import("@/components/dead-letters/recover-dialog.tsx").then((part) => part.RecoverDialog),
  { ssr: false },
);

const TargetDialog = dynamic(() => import("./target-dialog.tsx").then((part) => part.TargetDialog), { ssr: false });

const RemoveTargetDialog = dynamic(() => import("./remove-target-dialog.tsx").then((part) => part.RemoveTargetDialog), {
  ssr: false,
});
const TestDialog = dynamic(() => import("./test-dialog.tsx").then((part) => part.TestDialog), { ssr: false });
const RotateSecretDialog = dynamic(() => import("./secret-dialog.tsx").then((part) => part.RotateSecretDialog), {
  ssr: false,
});
const SecretDialog = dynamic(() => import("./secret-dialog.tsx").then((part) => part.SecretDialog), { ssr: false });

export function TargetsPage() {
  const t = useTranslations("targets");
  const targets = useQuery(api.forward.targets.queryOptions({ refetchInterval: 10_000 }));
  const [isCreating, setCreating] = useCreateFlag();
  const [edited, setEdited] = useQueryState("edit", parseAsString);
  const [testing, setTesting] = useState<string | null>(null);
  const [removing, setRemoving] = useState<TargetHealth | null>(null);
  const [rotating, setRotating] = useState<TargetHealth | null>(null);
  const [recovering, setRecovering] = useState<TargetHealth | null>(null);
  const [made, setMade] = useState<MadeSecret | null>(null);
  const items = targets.data?.items ?? [];
  const named = (name: string | null) => items.find((target) => target.name === name) ?? null;

  return (
    <Page title={t("title")}>
      <PageHeader
        title={t("title")}
        lead={t("lead")}
        actions={
          <>
            <Button asChild>
              <Link href="/forward/rules">{t("openRules")}</Link>
            </Button>
            <May call="forward.setTarget">
              <Button variant="primary" onClick={() => setCreating(true)}>
                <Plus aria-hidden className="size-4" />
                {t("add")}
              </Button>
            </May>
          </>
        }
      />
      <IdleTargets targets={items} />
      {items.map((target) => (
        <FaultBanner key={target.name} target={target} onEdit={() => void setEdited(target.name)} />
      ))}
      <Panel title={t("targets")} flush>
        <QueryView query={targets} skeleton={<TableSkeleton rows={3} columns={6} />}>
          {(data) =>
            data.items.length === 0 ? (
              <EmptyState
                title={t("empty")}
                text={t("emptyText")}
                action={
                  <May call="forward.setTarget">
                    <Button variant="primary" onClick={() => setCreating(true)}>
                      {t("add")}
                    </Button>
                  </May>
                }
                command="nightpost forward target add app --url https://app.example.com/hooks --preset classic"
              />
            ) : (
              <TargetTable
                targets={data.items}
                onEdit={(target) => void setEdited(target.name)}
                onTest={(target) => setTesting(target.name)}
                onRotate={setRotating}
                onRecover={setRecovering}
                onRemove={setRemoving}
              />
            )
          }
        </QueryView>
      </Panel>
      <TargetDialog
        target={named(edited)}
        open={(isCreating && !targets.isPending) || (edited !== null && targets.isSuccess)}
        isFirst={(kind) => targets.isSuccess && !items.some((target) => target.target.kind === kind)}
        onOpenChange={(open) => {
          if (open) return;
          if (isCreating) setCreating(false);
          if (edited !== null) void setEdited(null);
        }}
        onTest={setTesting}
        onMade={setMade}
      />
      <RotateSecretDialog target={rotating} onMade={setMade} onClose={() => setRotating(null)} />
      <SecretDialog made={made} onClose={() => setMade(null)} />
      <TestDialog target={named(testing)} onClose={() => setTesting(null)} />
      <RecoverDialog
        targets={items.map((target) => target.name)}
        target={recovering?.name ?? null}
        open={recovering !== null}
        onClose={() => setRecovering(null)}
      />
      <RemoveTargetDialog target={removing} targets={items} onClose={() => setRemoving(null)} />
    </Page>
  );
}
