"use client";

import type { InferContractRouterOutputs } from "@orpc/contract";
import { useId, useState } from "react";
import { useTranslations } from "use-intl";
import { DraftBar } from "@/components/kit/draft-bar.tsx";
import { useHost } from "@/components/kit/use-host.ts";
import { useLeaveGuard } from "@/components/kit/use-leave-guard.ts";
import { Panel } from "@/components/ui/panel.tsx";
import { Select } from "@/components/ui/select.tsx";
import { useMay } from "@/lib/api/me.ts";
import type { Contract } from "@/lib/contracts/index.ts";
import { HookChains } from "./hook-chains.tsx";
import { HostTable } from "./host-table.tsx";
import { ModuleReview } from "./module-review.tsx";
import { optionsOf } from "./option-schema.ts";
import { Protocols } from "./protocols.tsx";
import { SettingForm } from "./setting-form.tsx";
import { useModuleDraft } from "./use-module-draft.ts";

type Detail = InferContractRouterOutputs<Contract>["modules"]["get"];

export function ModuleDetail({ module }: { module: Detail }) {
  const t = useTranslations("modules");
  const may = useMay();
  const id = useId();
  const [asked, setHost] = useHost();
  const host = module.hosts.some((one) => one.host === asked) ? asked : null;
  const draft = useModuleDraft(module, host);
  const [isReviewing, setReviewing] = useState(false);
  useLeaveGuard(draft.draft !== null);
  return (
    <>
      <Protocols module={module} />
      <Panel title={t("hosts")} note={t("errorsSince")} flush>
        <HostTable module={module} />
      </Panel>
      <Panel
        title={t("settings")}
        action={
          <label htmlFor={id} className="flex items-center gap-2 text-meta text-ink-3">
            {t("scope")}
            <Select
              id={id}
              value={host ?? ""}
              onChange={(event) => void setHost(event.target.value || null)}
              className="w-52"
            >
              <option value="">{t("allHosts")}</option>
              {module.hosts.map((one) => (
                <option key={one.host}>{one.host}</option>
              ))}
            </Select>
          </label>
        }
      >
        <SettingForm draft={draft} options={optionsOf(module.options)} host={host} isReadOnly={!may("modules.set")} />
      </Panel>
      <Panel title={t("hooks")} note={t("hooksLead")} flush>
        <HookChains chains={module.hooks[0]?.chains ?? []} name={module.name} />
      </Panel>
      {draft.draft === null ? null : (
        <DraftBar
          call="modules.set"
          isChecking={draft.isChecking}
          changes={draft.changes.length}
          onDiscard={draft.discard}
          onReview={() => setReviewing(true)}
        />
      )}
      <ModuleReview
        open={isReviewing}
        onOpenChange={setReviewing}
        name={module.name}
        host={host}
        draft={draft}
        newest={module.revision}
      />
    </>
  );
}
