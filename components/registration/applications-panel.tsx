"use client";

import { keepPreviousData, useQuery } from "@tanstack/react-query";
import dynamic from "next/dynamic";
import { parseAsStringLiteral, useQueryState } from "nuqs";
import { useState } from "react";
import { useTranslations } from "use-intl";
import { type Column, DataTable } from "@/components/kit/data-table.tsx";
import { JidText } from "@/components/kit/jid-text.tsx";
import { Pager } from "@/components/kit/pager.tsx";
import { QueryView } from "@/components/kit/query-view.tsx";
import { EmptyState } from "@/components/kit/states.tsx";
import { TableSkeleton } from "@/components/kit/table-skeleton.tsx";
import { TimeText } from "@/components/kit/time-text.tsx";
import { useCursor } from "@/components/kit/use-cursor.ts";
import { Button } from "@/components/ui/button.tsx";
import { Panel } from "@/components/ui/panel.tsx";
import { Segmented } from "@/components/ui/segmented.tsx";
import { api } from "@/lib/api/client.ts";
import { useMay } from "@/lib/api/me.ts";
import type { RegistrationApplication } from "@/lib/contracts/registration.ts";
import { visible } from "@/lib/format/visible.ts";

const ApproveDialog = dynamic(() => import("./application-dialogs.tsx").then((file) => file.ApproveDialog), {
  ssr: false,
});
const DenyDialog = dynamic(() => import("./application-dialogs.tsx").then((file) => file.DenyDialog), { ssr: false });

const limit = 20;
const states = ["waiting", "denied"] as const;

interface Props {
  host: string | null;
  /** The policy asks an admin. Otherwise there is nothing to see, unless somebody still waits from when it did. */
  isExpected: boolean;
}

/** Who has asked for an account: approved or refused one by one, or several at once. */
export function ApplicationsPanel({ host, isExpected }: Props) {
  const t = useTranslations();
  const may = useMay();
  const [state, setState] = useQueryState("applications", parseAsStringLiteral(states).withDefault("waiting"));
  const [selected, setSelected] = useState<ReadonlySet<string>>(new Set());
  const [dialog, setDialog] = useState<"approve" | "deny" | null>(null);
  const place = useCursor(`applications ${host} ${state}`);
  const input = { state, limit, ...(host ? { host } : {}), ...(place.cursor ? { cursor: place.cursor } : {}) };
  const list = useQuery(api.registration.applications.queryOptions({ input, placeholderData: keepPreviousData }));
  const mayDecide = may("registration.approve") && state === "waiting";
  const close = () => {
    setDialog(null);
    setSelected(new Set());
  };
  const columns = useColumns(state);
  if (!isExpected && state === "waiting" && (list.data?.items.length ?? 0) === 0) return null;

  return (
    <Panel
      title={t("registration.applications")}
      flush
      action={
        <Segmented
          label={t("registration.applicationState")}
          value={state}
          onChange={(next) => {
            place.reset();
            setSelected(new Set());
            void setState(next);
          }}
          options={states.map((value) => ({ value, label: t(`registration.applicationStates.${value}`) }))}
        />
      }
    >
      <QueryView query={list} skeleton={<TableSkeleton rows={3} columns={5} />}>
        {({ items, total, nextCursor }) => {
          const chosen = items.filter(({ jid }) => selected.has(jid));
          return items.length === 0 ? (
            state === "waiting" ? (
              <EmptyState
                title={t("registration.applicationsEmpty")}
                text={t("registration.applicationsEmptyText")}
                command="nightpost registration set mode=approval"
              />
            ) : (
              <p className="px-4 py-4 text-ink-2">{t("registration.noDenied")}</p>
            )
          ) : (
            <>
              <DataTable
                label={t("registration.applications")}
                rows={items}
                rowKey={({ jid }) => jid}
                columns={columns}
                {...(mayDecide ? { selection: { selected, onChange: setSelected, nameOf: (jid: string) => jid } } : {})}
              />
              <Pager place={place} limit={limit} count={items.length} total={total} nextCursor={nextCursor} />
              {mayDecide && chosen.length > 0 ? (
                <div
                  role="region"
                  aria-label={t("common.actions")}
                  className="sticky bottom-0 flex min-h-12 flex-wrap items-center gap-2 border-t border-accent/40 bg-accent-soft px-4 py-2"
                >
                  <span className="font-medium" aria-live="polite">
                    {t("common.selected", { count: chosen.length })}
                  </span>
                  <span className="ml-auto flex gap-2">
                    <Button size="sm" variant="primary" onClick={() => setDialog("approve")}>
                      {t("registration.approve")}
                    </Button>
                    <Button size="sm" variant="danger-quiet" onClick={() => setDialog("deny")}>
                      {t("registration.refuse")}
                    </Button>
                  </span>
                </div>
              ) : null}
              <ApproveDialog open={dialog === "approve"} applications={chosen} onClose={close} />
              <DenyDialog open={dialog === "deny"} applications={chosen} onClose={close} />
            </>
          );
        }}
      </QueryView>
    </Panel>
  );
}

function useColumns(state: (typeof states)[number]): Column<RegistrationApplication>[] {
  const t = useTranslations("registration");
  const sources = useTranslations("users.via");
  const why: Column<RegistrationApplication> =
    state === "waiting"
      ? { id: "expires", header: t("columns.expires"), render: ({ expiresAt }) => <TimeText at={expiresAt} /> }
      : {
          id: "reason",
          header: t("columns.reason"),
          render: ({ denied }) => (
            <bdi className="wrap-anywhere text-ink-2">{visible(denied?.reason ?? "") || "—"}</bdi>
          ),
        };
  return [
    { id: "jid", header: t("columns.jid"), render: ({ jid }) => <JidText jid={jid} /> },
    {
      id: "message",
      header: t("columns.message"),
      render: ({ message }) => <bdi className="wrap-anywhere">{visible(message) || "—"}</bdi>,
    },
    {
      id: "address",
      header: t("columns.address"),
      render: ({ address }) => <bdi className="font-mono text-meta text-ink-2">{visible(address)}</bdi>,
    },
    { id: "source", header: t("columns.source"), render: ({ source }) => sources(source) },
    { id: "at", header: t("columns.at"), render: ({ at }) => <TimeText at={at} /> },
    why,
  ];
}
