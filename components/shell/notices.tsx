"use client";

import { useQuery } from "@tanstack/react-query";
import { Bell } from "lucide-react";
import { useTranslations } from "use-intl";
import { AttentionMark } from "@/components/kit/attention-mark.tsx";
import { attentionActions, useAttentionText } from "@/components/kit/attention-words.ts";
import { useJoints } from "@/components/kit/joints.tsx";
import { isTold, useDesktopNotices, useNoticeLevel } from "@/components/kit/notice-choices.ts";
import { IconButton } from "@/components/ui/icon-button.tsx";
import { Link } from "@/components/ui/link.tsx";
import { Menu, MenuItem, MenuLabel } from "@/components/ui/menu.tsx";
import { api } from "@/lib/api/client.ts";
import { useMay } from "@/lib/api/me.ts";
import type { AttentionItem } from "@/lib/contracts/server.ts";
import { JobItems } from "./job-items.tsx";
import { useDesktopTold } from "./use-desktop-told.ts";
import { useOwnJobs } from "./use-own-jobs.ts";

const refreshMs = 60_000;

/** What wants attention; nothing for whoever may not read that, undefined while it is not known. */
function useAttention(): readonly AttentionItem[] | undefined {
  const may = useMay()("server.attention");
  const [desktop] = useDesktopNotices();
  const { data } = useQuery(
    api.server.attention.queryOptions({
      enabled: may,
      refetchInterval: refreshMs,
      refetchIntervalInBackground: desktop === "on",
    }),
  );
  return may ? data?.items : [];
}

/** What wants attention, on every page, with the way to where something is done about it; and what has become of one's jobs. */
export function Notices() {
  const t = useTranslations("shell.notices");
  const jobWords = useTranslations("jobs");
  const { colon } = useJoints();
  const text = useAttentionText();
  const [level] = useNoticeLevel();
  const { jobs, hasUnseen, see } = useOwnJobs();
  const attention = useAttention();
  const items = attention ?? [];
  const told = items.filter(({ severity }) => isTold(severity, level));
  const ended = jobs?.filter(({ state }) => state !== "running") ?? [];
  const matters = [
    ...told.map((item) => ({ key: `${item.code} ${item.subject}`, text: text(item) })),
    ...ended.map(({ id, kind, state }) => ({
      key: id,
      text: `${jobWords(`on.${kind}`)}${colon}${jobWords(`states.${state}`)}`,
    })),
  ];
  useDesktopTold(t("title"), attention === undefined || jobs === undefined ? undefined : matters);
  if (attention === undefined && jobs === undefined) return null;
  const urgent = told.length;
  const label = urgent > 0 ? t("open", { count: urgent }) : t("title");
  return (
    <Menu
      trigger={
        <IconButton label={[label, ...(hasUnseen ? [jobWords("ended")] : [])].join(". ")} className="relative">
          <Bell aria-hidden className="size-4.5" />
          {urgent > 0 ? (
            <span
              aria-hidden
              className="absolute -top-0.5 -right-0.5 min-w-4 rounded-full bg-err px-1 text-center text-label font-medium text-surface tabular-nums"
            >
              {urgent}
            </span>
          ) : hasUnseen ? (
            <span aria-hidden className="absolute top-1 right-1 size-2 rounded-full bg-accent" />
          ) : null}
        </IconButton>
      }
    >
      <MenuLabel>{items.length === 0 ? t("none") : t("title")}</MenuLabel>
      {items.map((item) => (
        <MenuItem key={`${item.code} ${item.subject}`} asChild>
          <Link
            href={attentionActions[item.code]?.href(item.subject) ?? "/"}
            className="max-w-100 items-start py-1.5 wrap-anywhere"
          >
            <span className="pt-0.5">
              <AttentionMark severity={item.severity} />
            </span>
            {text(item)}
          </Link>
        </MenuItem>
      ))}
      {jobs === undefined || jobs.length === 0 ? null : <JobItems jobs={jobs} onSeen={see} />}
    </Menu>
  );
}
