"use client";

import { useFormatter, useLocale, useTranslations } from "use-intl";
import { useActorText } from "@/components/kit/audit-words.ts";
import { Facts } from "@/components/kit/facts.tsx";
import { TimeText } from "@/components/kit/time-text.tsx";
import { Banner } from "@/components/ui/banner.tsx";
import { Panel } from "@/components/ui/panel.tsx";
import type { UserDetail } from "@/lib/contracts/users.ts";
import { formatBytes } from "@/lib/format/bytes.ts";
import { useTimes } from "@/lib/format/use-times.ts";
import { visible } from "@/lib/format/visible.ts";
import { RecentPanel } from "./recent-panel.tsx";
import { TagList } from "./tag-list.tsx";

export function OverviewTab({ user }: { user: UserDetail }) {
  const t = useTranslations("users");
  const actorText = useActorText();
  const format = useFormatter();
  const locale = useLocale();
  const times = useTimes();
  const { suspended } = user;
  return (
    <div className="flex flex-col gap-5">
      {suspended ? (
        <Banner tone="err">
          {t("suspendedSince", {
            at: times.full(suspended.at),
            by: actorText(suspended.by),
            reason: visible(suspended.reason) || t("noReason"),
          })}
          {suspended.until ? `, ${t("suspendedUntil", { until: times.full(suspended.until) })}` : null}
        </Banner>
      ) : null}
      <Panel>
        <Facts
          facts={[
            [t("facts.created"), <TimeText key="created" at={user.createdAt} as="full" />],
            [t("facts.via"), t(`via.${user.createdVia}`)],
            [t("facts.from"), user.createdFrom],
            [t("tags"), user.tags.length === 0 ? null : <TagList key="tags" tags={user.tags} />],
            [t("facts.activity"), <TimeText key="activity" at={user.lastActivity?.at ?? null} />],
            [t("facts.lastStatus"), user.lastActivity?.status ? visible(user.lastActivity.status) : null],
            [
              t("facts.queue"),
              t("facts.queueValue", {
                count: format.number(user.offlineMessages),
                bytes: formatBytes(user.offlineBytes, locale),
              }),
            ],
            [t("facts.roster"), t("facts.rosterValue", { count: user.roster.length })],
          ]}
        />
      </Panel>
      <RecentPanel user={user} />
    </div>
  );
}
