"use client";

import { Undo2 } from "lucide-react";
import { useTranslations } from "use-intl";
import type { Column } from "@/components/kit/data-table.tsx";
import { useJoints } from "@/components/kit/joints.tsx";
import { May } from "@/components/kit/may.tsx";
import { Badge } from "@/components/ui/badge.tsx";
import { IconButton } from "@/components/ui/icon-button.tsx";
import { Link } from "@/components/ui/link.tsx";
import type { HostSetting } from "@/lib/contracts/hosts.ts";
import type { PolicyChange } from "@/lib/contracts/policy.ts";
import { registrationModes } from "@/lib/contracts/words.ts";
import { visible } from "@/lib/format/visible.ts";

/** Where a setting is changed. */
function hrefOf({ kind, name }: HostSetting, host: string): string {
  if (kind === "registration") return `/registration?host=${encodeURIComponent(host)}`;
  if (kind === "module") return `/modules/module?name=${encodeURIComponent(name)}`;
  return "/access";
}

export function useSettingColumns(host: string, onReset: (setting: HostSetting) => void): Column<HostSetting>[] {
  const t = useTranslations("hosts");
  const { colon } = useJoints();
  const nameOf = useSettingName();
  return [
    {
      id: "name",
      header: t("settingColumns.name"),
      render: (setting) => (
        <Link href={hrefOf(setting, host)} className="underline-offset-2 hover:underline">
          <bdi className={setting.name === "" ? undefined : "font-mono text-meta"}>{nameOf(setting)}</bdi>
        </Link>
      ),
    },
    {
      id: "kind",
      header: t("settingColumns.kind"),
      render: ({ kind }) => <span className="text-ink-2">{t(`settingKinds.${kind}`)}</span>,
    },
    { id: "value", header: t("settingColumns.value"), render: (setting) => <Holds setting={setting} /> },
    {
      id: "origin",
      header: t("settingColumns.origin"),
      render: ({ isOwn, isAdded }) =>
        isOwn ? (
          <Badge tone="accent">{t(isAdded ? "origins.added" : "origins.own")}</Badge>
        ) : (
          <span className="text-ink-3">{t("origins.inherited")}</span>
        ),
    },
    {
      id: "changes",
      header: t("settingColumns.changes"),
      render: (setting) => <Differences setting={setting} />,
    },
    {
      id: "reset",
      header: t("reset"),
      isBare: true,
      isNumber: true,
      render: (setting) =>
        setting.isOwn ? (
          <May call="hosts.resetSetting" host={host}>
            <IconButton label={`${t("reset")}${colon}${nameOf(setting)}`} size="sm" onClick={() => onReset(setting)}>
              <Undo2 aria-hidden className="size-3.5" />
            </IconButton>
          </May>
        ) : null,
    },
  ];
}

/** Registration has no name: there is one policy of it. */
export function useSettingName(): (setting: HostSetting) => string {
  const t = useTranslations("hosts");
  return ({ kind, name }) => (name === "" ? t(`settingKinds.${kind}`) : visible(name));
}

const fieldOf = (value: unknown, name: string): unknown =>
  typeof value === "object" && value !== null ? Object.entries(value).find(([key]) => key === name)?.[1] : undefined;

/** In a word what holds; the whole of it is on the page that the name leads to. */
function Holds({ setting: { kind, effective } }: { setting: HostSetting }) {
  const t = useTranslations();
  switch (kind) {
    case "registration": {
      const mode = registrationModes.find((each) => each === fieldOf(effective, "mode"));
      return mode === undefined ? null : t(`registration.modes.${mode}`);
    }
    case "module":
      return t(fieldOf(effective, "enabled") === true ? "hosts.moduleOn" : "hosts.moduleOff");
    default:
      return t("hosts.lines", { count: Array.isArray(effective) ? effective.length : 0 });
  }
}

const most = 3;

function Differences({ setting: { isOwn, changes } }: { setting: HostSetting }) {
  const t = useTranslations("hosts");
  if (changes.length === 0) return <span className="text-ink-3">{isOwn ? t("sameAsDefault") : "—"}</span>;
  return (
    <span className="flex flex-col gap-0.5 font-mono text-meta wrap-anywhere text-ink-2">
      {changes.slice(0, most).map((change) => (
        <bdi key={change.path}>{differenceText(change)}</bdi>
      ))}
      {changes.length > most ? <span>{t("moreChanges", { count: changes.length - most })}</span> : null}
    </span>
  );
}

const maxLength = 60;

function differenceText({ path, before, after }: PolicyChange): string {
  const side = (value: unknown) => {
    const text = typeof value === "string" ? value : (JSON.stringify(value) ?? "");
    return visible(text.length > maxLength ? `${text.slice(0, maxLength)}…` : text);
  };
  if (before === null || before === undefined) return `${path}: + ${side(after)}`;
  if (after === null || after === undefined) return `${path}: − ${side(before)}`;
  return `${path}: ${side(before)} → ${side(after)}`;
}
