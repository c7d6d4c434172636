"use client";

import { useTranslations } from "use-intl";
import { JidText } from "@/components/kit/jid-text.tsx";
import { SentenceGap } from "@/components/kit/joints.tsx";
import { SampleList } from "@/components/kit/sample-list.tsx";
import { TimeText } from "@/components/kit/time-text.tsx";
import type { LeftOut, User, UserAction } from "@/lib/contracts/users.ts";

interface Found {
  matching: number;
  sessions: number;
  offlineMessages: number;
  sample: User[];
  leftOutCount: number;
  leftOut: LeftOut[];
}

const ending: ReadonlySet<UserAction> = new Set(["suspend", "end-sessions", "expire-password", "delete"]);

/** How many accounts it is about, some of them, and what goes with them. */
export function BulkCount({ action, found }: { action: UserAction; found: Found }) {
  const t = useTranslations("bulk");
  const { matching, sessions, offlineMessages, sample, leftOut, leftOutCount } = found;
  const endsSessions = ending.has(action) && sessions > 0;
  const deletesMessages = action === "delete" && offlineMessages > 0;
  return (
    <>
      <p className="font-medium" role="status">
        {t("count", { count: matching })}
        <SentenceGap />
        {endsSessions ? t("sessions", { count: sessions }) : null}
        <SentenceGap />
        {deletesMessages ? t("messages", { count: offlineMessages }) : null}
      </p>
      <SampleList
        matching={matching}
        sample={sample}
        note={({ lastActivity }) => <TimeText at={lastActivity?.at ?? null} />}
      />
      {leftOutCount > 0 ? (
        <div className="text-ink-2">
          <p>{t("leftOut", { count: leftOutCount })}</p>
          <ul className="mt-1">
            {leftOut.map(({ jid, why }) => (
              <li key={jid} className="flex flex-wrap justify-between gap-x-4">
                <JidText jid={jid} />
                <span className="text-meta text-ink-3">{t(`leftOutWhy.${why}`)}</span>
              </li>
            ))}
          </ul>
        </div>
      ) : null}
    </>
  );
}
