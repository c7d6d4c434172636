"use client";

import { useQuery } from "@tanstack/react-query";
import { Bell } from "lucide-react";
import { useTranslations } from "use-intl";
import { AttentionMark } from "@/components/kit/attention-mark.tsx";
import { attentionActions, useAttentionText } from "@/components/kit/attention-words.ts";
import { IconButton } from "@/components/ui/icon-button.tsx";
import { Link } from "@/components/ui/link.tsx";
import { Menu, MenuItem, MenuLabel } from "@/components/ui/menu.tsx";
import { api } from "@/lib/api/client.ts";
import { useMay } from "@/lib/api/me.ts";

const refreshMs = 60_000;

/** What wants attention, on every page, with the way to where something is done about it. */
export function Notices() {
  const t = useTranslations("shell.notices");
  const may = useMay();
  const text = useAttentionText();
  const overview = useQuery(
    api.server.overview.queryOptions({ enabled: may("server.overview"), refetchInterval: refreshMs }),
  );
  if (!overview.data) return null;
  const items = overview.data.attention;
  const urgent = items.filter(({ severity }) => severity !== "info").length;
  return (
    <Menu
      trigger={
        <IconButton label={urgent > 0 ? t("open", { count: urgent }) : t("title")} className="relative">
          <Bell aria-hidden className="size-4.5" />
          {urgent > 0 ? (
            <span
              aria-hidden
              className="absolute -top-0.5 -right-0.5 min-w-4 rounded-full bg-err px-1 text-center text-label font-medium text-surface tabular-nums"
            >
              {urgent}
            </span>
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
    </Menu>
  );
}
