"use client";

import { Plus } from "lucide-react";
import dynamic from "next/dynamic";
import { useState } from "react";
import { useTranslations } from "use-intl";
import { May } from "@/components/kit/may.tsx";
import { Banner } from "@/components/ui/banner.tsx";
import { Button } from "@/components/ui/button.tsx";
import { Panel } from "@/components/ui/panel.tsx";
import type { Policy } from "@/lib/contracts/policy.ts";
import { AclEntryView } from "./acl-entry.tsx";
import { RuleEntryView } from "./rule-entry.tsx";
import type { DraftState } from "./use-draft.ts";

const NameDialog = dynamic(() => import("./name-dialog.tsx").then((part) => part.NameDialog), { ssr: false });

/** ACLs and access rules as sentences; each can be opened and edited in place. */
export function RulesTab({ draft }: { draft: DraftState }) {
  const t = useTranslations("access");
  const [editing, setEditing] = useState<string | null>(null);
  const [naming, setNaming] = useState<"acl" | "accessRules" | null>(null);
  const { policy } = draft;
  if (!policy) return null;

  const set = <K extends "acl" | "accessRules">(section: K, name: string, value: Policy[K][string] | null) => {
    const entries = Object.entries(policy[section]).filter(([key]) => key !== name || value !== null);
    const next = Object.fromEntries(entries.map(([key, old]) => [key, key === name ? value : old]));
    if (value !== null && !(name in next)) next[name] = value;
    draft.change({ ...policy, [section]: next });
  };
  const toggle = (key: string) => setEditing(editing === key ? null : key);
  const acls = Object.keys(policy.acl);

  return (
    <div className="grid items-start gap-5 lg:grid-cols-2">
      <Panel
        title={t("acls")}
        flush
        action={
          <May call="policy.apply">
            <Button size="sm" onClick={() => setNaming("acl")}>
              <Plus aria-hidden className="size-3.5" />
              {t("addAcl")}
            </Button>
          </May>
        }
      >
        <ul className="divide-y divide-line">
          {Object.entries(policy.acl).map(([name, any]) => (
            <AclEntryView
              key={name}
              name={name}
              any={any}
              acls={acls.filter((each) => each !== name)}
              issues={draft.issues}
              draft={draft.draft?.policy ?? null}
              isEditing={editing === `acl ${name}`}
              onToggle={() => toggle(`acl ${name}`)}
              onChange={(next) => set("acl", name, next)}
            />
          ))}
        </ul>
      </Panel>
      <Panel
        title={t("rules")}
        flush
        action={
          <May call="policy.apply">
            <Button size="sm" onClick={() => setNaming("accessRules")}>
              <Plus aria-hidden className="size-3.5" />
              {t("addRule")}
            </Button>
          </May>
        }
      >
        <ul className="divide-y divide-line">
          {Object.entries(policy.accessRules).map(([name, lines]) => (
            <RuleEntryView
              key={name}
              name={name}
              lines={lines}
              acls={acls}
              issues={draft.issues}
              draft={draft.draft?.policy ?? null}
              isEditing={editing === `rule ${name}`}
              onToggle={() => toggle(`rule ${name}`)}
              onChange={(next) => set("accessRules", name, next)}
            />
          ))}
        </ul>
      </Panel>
      {Object.entries(policy.hosts).map(([host, own]) => {
        const count = Object.keys(own.acl).length + Object.keys(own.accessRules).length;
        return count === 0 ? null : (
          <Banner key={host} className="lg:col-span-2">
            {t("hostOverrides", { host, count })}
          </Banner>
        );
      })}
      {naming === null ? null : (
        <NameDialog
          open
          onOpenChange={(open) => !open && setNaming(null)}
          title={t(naming === "acl" ? "newAcl" : "newRule")}
          taken={Object.keys(policy[naming])}
          onName={(name) => {
            if (naming === "acl") set("acl", name, [{ user: "" }]);
            else set("accessRules", name, [{ allow: [{ acl: acls[0] ?? "admin" }] }]);
            setEditing(`${naming === "acl" ? "acl" : "rule"} ${name}`);
            setNaming(null);
          }}
        />
      )}
    </div>
  );
}
