"use client";

import { useFormatter, useTranslations } from "use-intl";
import type { Column } from "@/components/kit/data-table.tsx";
import { JidText } from "@/components/kit/jid-text.tsx";
import { TimeText } from "@/components/kit/time-text.tsx";
import { useHost } from "@/components/kit/use-host.ts";
import { Badge } from "@/components/ui/badge.tsx";
import { Link } from "@/components/ui/link.tsx";
import type { ListedUser } from "@/lib/contracts/users.ts";
import { visible } from "@/lib/format/visible.ts";
import { TagList } from "./tag-list.tsx";
import { userHref } from "./user-href.ts";
import { UserStatus } from "./user-status.tsx";

export function useUserColumns(): Column<ListedUser>[] {
  const t = useTranslations("users");
  const format = useFormatter();
  const [host] = useHost();
  const count = (number: number) => (number === 0 ? <span className="text-ink-3">0</span> : format.number(number));
  return [
    {
      id: "jid",
      header: t("columns.jid"),
      render: (user) => (
        <span className="inline-flex flex-wrap items-center gap-2">
          <Link href={userHref(user.jid, host)} className="underline-offset-2 hover:underline">
            <JidText jid={user.jid} />
          </Link>
          {user.isAdmin ? <Badge tone="violet">{t("admin")}</Badge> : null}
          <TagList tags={user.tags} />
        </span>
      ),
    },
    {
      id: "name",
      header: t("columns.name"),
      render: ({ name }) => (name === null ? null : <bdi className="wrap-anywhere">{visible(name)}</bdi>),
    },
    { id: "status", header: t("columns.status"), render: (user) => <UserStatus user={user} /> },
    {
      id: "activity",
      header: t("columns.activity"),
      render: (user) => <TimeText at={user.lastActivity?.at ?? null} />,
    },
    {
      id: "queue",
      header: t("columns.queue"),
      isNumber: true,
      render: ({ offlineMessages }) => count(offlineMessages),
    },
    { id: "devices", header: t("columns.devices"), isNumber: true, render: ({ devices }) => count(devices) },
    { id: "rooms", header: t("columns.rooms"), isNumber: true, render: ({ rooms }) => count(rooms) },
    { id: "created", header: t("columns.created"), render: (user) => <TimeText at={user.createdAt} /> },
    {
      id: "via",
      header: t("columns.via"),
      render: (user) => <span className="text-ink-2">{t(`via.${user.createdVia}`)}</span>,
    },
  ];
}
