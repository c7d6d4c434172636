"use client";

import { CircleAlert, CircleCheck, Ellipsis, Lock } from "lucide-react";
import { useFormatter, useLocale, useTranslations } from "use-intl";
import { useActorText } from "@/components/kit/audit-words.ts";
import type { Column } from "@/components/kit/data-table.tsx";
import { useJoints } from "@/components/kit/joints.tsx";
import { TimeText } from "@/components/kit/time-text.tsx";
import { useSentence } from "@/components/kit/use-sentence.ts";
import { IconButton } from "@/components/ui/icon-button.tsx";
import { Menu, MenuItem, MenuSeparator } from "@/components/ui/menu.tsx";
import { useMay } from "@/lib/api/me.ts";
import type { Backup } from "@/lib/contracts/backups.ts";
import { formatBytes } from "@/lib/format/bytes.ts";
import type { BackupAct } from "./backups-page.tsx";

export function useBackupColumns(onAct: (act: BackupAct, backup: Backup) => void): Column<Backup>[] {
  const t = useTranslations();
  const { colon } = useJoints();
  const format = useFormatter();
  const locale = useLocale();
  const may = useMay();
  const actorText = useActorText();
  return [
    {
      id: "at",
      header: t("backups.columns.at"),
      render: ({ createdAt, encrypted }) => (
        <span className="inline-flex items-center gap-1.5 font-medium">
          <TimeText at={createdAt} as="full" />
          {encrypted ? <Lock role="img" aria-label={t("backups.encrypted")} className="size-3.5 text-ink-3" /> : null}
        </span>
      ),
    },
    {
      id: "by",
      header: t("backups.columns.by"),
      render: ({ createdBy }) => (
        <bdi className="text-ink-2">{createdBy === "schedule" ? t("backups.bySchedule") : actorText(createdBy)}</bdi>
      ),
    },
    {
      id: "size",
      header: t("backups.columns.size"),
      isNumber: true,
      render: ({ bytes }) => formatBytes(bytes, locale),
    },
    ...(["accounts", "messages"] as const).map((name): Column<Backup> => ({
      id: name,
      header: t(`backups.counts.${name}`),
      isNumber: true,
      render: ({ counts }) => format.number(counts[name] ?? 0),
    })),
    { id: "check", header: t("backups.columns.check"), render: (backup) => <CheckText check={backup.check} /> },
    {
      id: "actions",
      header: t("common.actions"),
      isBare: true,
      isNumber: true,
      render: (backup) => (
        <Menu
          trigger={
            <IconButton label={`${t("common.more")}${colon}${backup.id}`} size="sm">
              <Ellipsis aria-hidden className="size-4" />
            </IconButton>
          }
        >
          {may("backups.verify") ? (
            <MenuItem onSelect={() => onAct("verify", backup)}>{t("backups.verify")}</MenuItem>
          ) : null}
          {may("backups.download") ? (
            <MenuItem onSelect={() => onAct("download", backup)}>{t("backups.download")}</MenuItem>
          ) : null}
          {may("backups.restore") ? (
            <>
              <MenuSeparator />
              <MenuItem danger onSelect={() => onAct("restore", backup)}>
                {t("backups.restore")}
              </MenuItem>
              <MenuItem danger onSelect={() => onAct("remove", backup)}>
                {t("backups.remove")}
              </MenuItem>
            </>
          ) : null}
        </Menu>
      ),
    },
  ];
}

/** Whether it was restored to try it, and how that came out. */
export function CheckText({ check }: { check: Backup["check"] }) {
  const t = useTranslations("backups");
  const sentence = useSentence();
  if (check === null) return <span className="text-ink-3">{t("untried")}</span>;
  if (!check.ok)
    return (
      <span className="inline-flex items-center gap-1.5 text-err">
        <CircleAlert aria-hidden className="size-3.5 shrink-0" />
        <span className="max-w-72 wrap-anywhere">{sentence(check.reason)}</span>
      </span>
    );
  return (
    <span className="inline-flex items-center gap-1.5 text-ok">
      <CircleCheck aria-hidden className="size-3.5" />
      {t("sound")}
      <span className="text-meta text-ink-3">
        <TimeText at={check.at} />
      </span>
    </span>
  );
}
