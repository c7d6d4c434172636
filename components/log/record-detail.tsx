"use client";

import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslations } from "use-intl";
import { Facts } from "@/components/kit/facts.tsx";
import { QueryView } from "@/components/kit/query-view.tsx";
import { TableSkeleton } from "@/components/kit/table-skeleton.tsx";
import { TimeText } from "@/components/kit/time-text.tsx";
import { Button } from "@/components/ui/button.tsx";
import { CopyButton } from "@/components/ui/copy-button.tsx";
import { Link } from "@/components/ui/link.tsx";
import { api } from "@/lib/api/client.ts";
import type { LogRecord } from "@/lib/contracts/log.ts";
import { cn } from "@/lib/format/cn.ts";
import { useTimes } from "@/lib/format/use-times.ts";
import { visible } from "@/lib/format/visible.ts";
import { LevelText } from "./level-text.tsx";
import { fieldText } from "./log-row.tsx";

const around = 50;

/** A record with its fields, and what was logged before and after it. */
export function RecordDetail({ record }: { record: LogRecord }) {
  const t = useTranslations("log");
  const [contextOf, setContextOf] = useState<number | null>(null);
  const fields = Object.entries(record.fields);
  return (
    <div className="flex flex-col gap-5">
      <div className="flex flex-col gap-2">
        <LevelText level={record.level} />
        <p className="text-body wrap-anywhere">
          <bdi>{visible(record.message)}</bdi>
        </p>
      </div>
      <Facts
        className="lg:grid-cols-2"
        facts={[
          [t("columns.time"), <TimeText key="at" at={record.at} as="full" />],
          [t("columns.module"), record.module],
        ]}
      />
      <section>
        <h3 className="mb-2 font-semibold">{t("fields")}</h3>
        {fields.length === 0 ? <p className="text-ink-2">{t("noFields")}</p> : null}
        <dl className="grid grid-cols-[auto_minmax(0,1fr)] gap-x-4">
          {fields.map(([name, value]) => (
            <Field key={name} name={name} text={fieldText(value)} />
          ))}
        </dl>
      </section>
      <section>
        <h3 className="mb-2 font-semibold">{t("context")}</h3>
        {contextOf === record.id ? (
          <Context id={record.id} />
        ) : (
          <Button size="sm" onClick={() => setContextOf(record.id)}>
            {t("showContext")}
          </Button>
        )}
      </section>
    </div>
  );
}

function Field({ name, text }: { name: string; text: string }) {
  const t = useTranslations("log");
  const isEvent = name === "event" || name === "stanza";
  return (
    <>
      <dt className="font-mono text-meta leading-7 text-ink-3">{name}</dt>
      <dd className="flex min-w-0 items-center gap-1">
        <bdi className="min-w-0 font-mono text-meta whitespace-pre-wrap wrap-anywhere">{text}</bdi>
        <CopyButton text={text} />
        {isEvent ? (
          <Link
            href={`/trace?id=${encodeURIComponent(text)}`}
            className="text-meta text-accent underline-offset-2 hover:underline"
          >
            {t("openTrace")}
          </Link>
        ) : null}
      </dd>
    </>
  );
}

function Context({ id }: { id: number }) {
  const times = useTimes();
  const context = useQuery(
    api.log.context.queryOptions({ input: { id, around }, staleTime: Number.POSITIVE_INFINITY }),
  );
  return (
    <QueryView query={context} skeleton={<TableSkeleton rows={8} columns={2} />}>
      {({ items }) => (
        <ol className="flex flex-col font-mono text-meta">
          {items.map((record) => (
            <li
              key={record.id}
              className={cn("px-1.5 py-0.5 wrap-anywhere", record.id === id && "rounded-badge bg-accent-soft")}
            >
              <span className="text-ink-3">{times.clock(record.at)}</span> <span>{record.module}</span>{" "}
              <bdi
                className={record.level === "error" ? "text-err" : record.level === "warn" ? "text-warn" : "text-ink-2"}
              >
                {visible(record.message)}
              </bdi>
            </li>
          ))}
        </ol>
      )}
    </QueryView>
  );
}
