"use client";

import { useQuery } from "@tanstack/react-query";
import { useTranslations } from "use-intl";
import { SentenceGap } from "@/components/kit/joints.tsx";
import { QueryView } from "@/components/kit/query-view.tsx";
import { TableSkeleton } from "@/components/kit/table-skeleton.tsx";
import { TimeText } from "@/components/kit/time-text.tsx";
import { LevelText } from "@/components/log/level-text.tsx";
import { fieldText } from "@/components/log/log-row.tsx";
import { Link } from "@/components/ui/link.tsx";
import { client } from "@/lib/api/client.ts";
import type { ForwardEvent } from "@/lib/contracts/forward-event.ts";
import type { LogRecord } from "@/lib/contracts/log.ts";
import { visible } from "@/lib/format/visible.ts";

/** So many records of each kind are looked through, the newest. */
const limit = 200;
/** What a target has to say of an attempt may be written shortly after the outcome. */
const afterMs = 5_000;

interface Props {
  event: Pick<ForwardEvent, "id" | "target" | "createdAt" | "updatedAt">;
  isSettled: boolean;
}

/** What the server's log has of an event, and of its target while the event was under way. */
export function EventLog({ event, isSettled }: Props) {
  const t = useTranslations("forward");
  const { id, target } = event;
  const until = isSettled ? new Date(Date.parse(event.updatedAt) + afterMs).toISOString() : null;
  const records = useQuery({
    queryKey: ["event-log", id, until],
    queryFn: () => recordsOf(event, until),
  });
  return (
    <div className="flex flex-col gap-2">
      <p className="text-meta text-ink-2">
        {t("logText", { target })}
        <SentenceGap />
        <Link
          href={`/log?module=forward&q=${encodeURIComponent(target)}`}
          className="text-accent underline underline-offset-2"
        >
          {t("openServerLog")}
        </Link>
      </p>
      <QueryView query={records} skeleton={<TableSkeleton rows={3} columns={3} />}>
        {(items) =>
          items.length === 0 ? (
            <p className="text-ink-2">{t("logNone")}</p>
          ) : (
            <ol aria-label={t("parts.log")} className="divide-y divide-line border-y border-line">
              {items.map((record) => (
                <Line key={record.id} record={record} />
              ))}
            </ol>
          )
        }
      </QueryView>
    </div>
  );
}

function Line({ record: { at, level, message, fields } }: { record: LogRecord }) {
  return (
    <li className="flex min-h-8 flex-wrap items-center gap-x-3 py-1">
      <span className="text-meta text-ink-3">
        <TimeText at={at} as="clock" />
      </span>
      <LevelText level={level} />
      <bdi className="wrap-anywhere">{visible(message)}</bdi>
      {Object.entries(fields).map(([name, value]) => (
        <bdi key={name} className="font-mono text-meta wrap-anywhere text-ink-3">
          {visible(name)}={fieldText(value)}
        </bdi>
      ))}
    </li>
  );
}

/** Oldest first. The server finds parts of words: a target whose name is part of another's is told apart here. */
async function recordsOf({ id, target, createdAt }: Props["event"], until: string | null): Promise<LogRecord[]> {
  const period = { since: createdAt, ...(until === null ? {} : { until }) };
  const [named, ofTarget] = await Promise.all([
    client.log.list({ search: id, limit }),
    client.log.list({ module: "forward", search: target, ...period, limit }),
  ]);
  const found = [...named.items, ...ofTarget.items.filter(({ fields }) => fields["target"] === target)];
  return [...new Map(found.map((record) => [record.id, record])).values()].toSorted((a, b) => a.id - b.id);
}
