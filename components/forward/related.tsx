"use client";

import { useQuery } from "@tanstack/react-query";
import { useTranslations } from "use-intl";
import { Facts } from "@/components/kit/facts.tsx";
import { ForwardStateText } from "@/components/kit/forward-state-text.tsx";
import { QueryView } from "@/components/kit/query-view.tsx";
import { TableSkeleton } from "@/components/kit/table-skeleton.tsx";
import { TimeText } from "@/components/kit/time-text.tsx";
import { useEventError } from "@/components/kit/use-event-error.ts";
import { Link } from "@/components/ui/link.tsx";
import { api } from "@/lib/api/client.ts";
import type { ForwardEvent } from "@/lib/contracts/forward-event.ts";

/** What else there is about an event: its message, the message's other events, and the recipient's around it. */
export function Related({ event: { id, user } }: { event: ForwardEvent }) {
  const t = useTranslations("forward");
  const related = useQuery(api.forward.related.queryOptions({ input: { id } }));
  return (
    <section aria-label={t("parts.related")} className="flex flex-col gap-3">
      <QueryView query={related} skeleton={<TableSkeleton rows={3} columns={3} />}>
        {({ message, sameMessage, sameUser }) => (
          <>
            <Facts
              facts={[
                [
                  t("relatedMessage"),
                  message === null ? (
                    t("messageGone")
                  ) : (
                    <span key="message" className="flex flex-wrap gap-x-3">
                      {message.isWaiting ? (
                        <Link
                          href={`/offline/queue?jid=${encodeURIComponent(user)}`}
                          className="underline-offset-2 hover:underline"
                        >
                          {t("messageWaiting")}
                        </Link>
                      ) : null}
                      {message.isArchived ? t("messageArchived") : null}
                    </span>
                  ),
                ],
              ]}
            />
            <Events title={t("sameMessage")} events={sameMessage} />
            <Events title={t("sameUser")} events={sameUser} />
            {sameMessage.length + sameUser.length === 0 ? <p className="text-ink-2">{t("relatedNone")}</p> : null}
          </>
        )}
      </QueryView>
    </section>
  );
}

function Events({ title, events }: { title: string; events: ForwardEvent[] }) {
  const eventError = useEventError();
  if (events.length === 0) return null;
  return (
    <div>
      <h4 className="mb-1 text-meta text-ink-3">{title}</h4>
      <ul className="divide-y divide-line border-y border-line">
        {events.map(({ id, state, device, target, error, createdAt }) => (
          <li key={id} className="flex min-h-8 flex-wrap items-center gap-x-3 py-1">
            <span className="w-24">
              <ForwardStateText state={state} isPush={device !== null} />
            </span>
            <Link href={`/forward/event?id=${encodeURIComponent(id)}`} className="underline-offset-2 hover:underline">
              {target}
            </Link>
            {error === null ? null : <bdi className="min-w-0 truncate text-meta text-ink-3">{eventError(error)}</bdi>}
            <span className="ml-auto text-meta text-ink-3">
              <TimeText at={createdAt} as="clock" />
            </span>
          </li>
        ))}
      </ul>
    </div>
  );
}
