"use client";

import { useTranslations } from "use-intl";
import { DataTable } from "@/components/kit/data-table.tsx";
import { JidText } from "@/components/kit/jid-text.tsx";
import { TargetKindIcon } from "@/components/kit/target-kind.tsx";
import { TimeText } from "@/components/kit/time-text.tsx";
import { useSentence } from "@/components/kit/use-sentence.ts";
import { useTargetKinds } from "@/components/kit/use-target-kinds.ts";
import { Link } from "@/components/ui/link.tsx";
import type { ForwardEvent } from "@/lib/contracts/forward-event.ts";
import { shortEventId } from "@/lib/format/event-id.ts";

interface Props {
  events: ForwardEvent[];
  selected: ReadonlySet<string>;
  onSelect: (selected: Set<string>) => void;
}

export function DeadTable({ events, selected, onSelect }: Props) {
  const t = useTranslations();
  const sentence = useSentence();
  const kindOf = useTargetKinds();
  return (
    <DataTable
      name="dead"
      label={t("deadLetters.title")}
      rows={events}
      rowKey={(event) => event.id}
      selection={{ selected, onChange: onSelect, nameOf: (key) => key }}
      columns={[
        {
          id: "user",
          header: t("forward.columns.user"),
          render: (event) => (
            <JidText jid={event.user} className="sm:block sm:max-w-56 sm:truncate sm:whitespace-nowrap" />
          ),
        },
        {
          id: "target",
          header: t("forward.columns.target"),
          render: (event) => (
            <span className="inline-flex items-center gap-1.5 whitespace-nowrap">
              <TargetKindIcon kind={kindOf(event.target)} />
              {event.target}
            </span>
          ),
        },
        {
          id: "reason",
          header: t("deadLetters.reason"),
          className: "min-w-44",
          render: (event) => (
            <span className="wrap-anywhere text-ink-2">
              {event.status === null ? null : <span className="mr-1.5 font-mono text-meta">{event.status}</span>}
              <bdi>{event.error ? sentence(event.error) : "—"}</bdi>
            </span>
          ),
        },
        {
          id: "attempts",
          header: t("forward.columns.attempt"),
          isNumber: true,
          render: (event) => t("forward.attemptOf", { attempt: event.attempts, most: event.maxAttempts }),
        },
        { id: "created", header: t("forward.created"), render: (event) => <TimeText at={event.createdAt} /> },
        { id: "died", header: t("deadLetters.died"), render: (event) => <TimeText at={event.updatedAt} /> },
        {
          id: "id",
          header: t("forward.columns.id"),
          render: (event) => (
            <Link
              href={`/forward/event?id=${encodeURIComponent(event.id)}`}
              title={event.id}
              className="font-mono text-meta text-accent underline-offset-2 hover:underline"
            >
              {shortEventId(event.id)}
            </Link>
          ),
        },
      ]}
    />
  );
}
