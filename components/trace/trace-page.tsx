"use client";

import { useQuery } from "@tanstack/react-query";
import { parseAsString, useQueryState } from "nuqs";
import { type FormEvent, useId, useState } from "react";
import { useTranslations } from "use-intl";
import { PageHeader } from "@/components/kit/page-header.tsx";
import { Page } from "@/components/kit/page.tsx";
import { QueryView } from "@/components/kit/query-view.tsx";
import { TableSkeleton } from "@/components/kit/table-skeleton.tsx";
import { Button } from "@/components/ui/button.tsx";
import { Input } from "@/components/ui/input.tsx";
import { Panel } from "@/components/ui/panel.tsx";
import { api } from "@/lib/api/client.ts";
import { useTimes } from "@/lib/format/use-times.ts";
import { MessageTrace } from "./message-trace.tsx";

const againMs = 5_000;

/** One message on its whole way, by any of its ids. */
export function TracePage() {
  const t = useTranslations("trace");
  const [id, setId] = useQueryState("id", parseAsString.withDefault("").withOptions({ history: "push" }));
  return (
    <Page title={t("title")}>
      <PageHeader title={t("title")} lead={t("lead")} />
      <Search key={id} id={id} onSearch={(next) => void setId(next)} />
      {id === "" ? <p className="max-w-[72ch] text-ink-2">{t("hint")}</p> : <Result id={id} />}
    </Page>
  );
}

function Search({ id: initial, onSearch }: { id: string; onSearch: (id: string) => void }) {
  const t = useTranslations("trace");
  const field = useId();
  const [text, setText] = useState(initial);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    onSearch(text.trim());
  };
  return (
    <form onSubmit={submit} className="flex max-w-[720px] flex-wrap items-end gap-2">
      <label htmlFor={field} className="flex min-w-60 flex-1 flex-col gap-1 font-medium">
        {t("label")}
        <Input
          id={field}
          value={text}
          onChange={(event) => setText(event.target.value)}
          className="font-mono"
          autoComplete="off"
          autoCapitalize="none"
          spellCheck={false}
        />
      </label>
      <Button type="submit" variant="primary" disabled={text.trim() === ""}>
        {t("find")}
      </Button>
    </form>
  );
}

function Result({ id }: { id: string }) {
  const t = useTranslations("trace");
  const times = useTimes();
  const trace = useQuery(api.trace.get.queryOptions({ input: { id }, refetchInterval: againMs, retry: false }));
  return (
    <QueryView query={trace} skeleton={<TableSkeleton rows={8} columns={2} />}>
      {({ messages, memorySince }) => (
        <>
          {messages.length > 1 ? <p className="font-medium">{t("several", { count: messages.length })}</p> : null}
          {messages.map((message, index) => (
            <Panel key={index}>
              <MessageTrace message={message} />
            </Panel>
          ))}
          <p className="text-meta text-ink-3">
            {memorySince === null ? t("sinceNever") : t("since", { time: times.full(memorySince) })}
          </p>
        </>
      )}
    </QueryView>
  );
}
