"use client";

import { keepPreviousData, useMutation, useQuery } from "@tanstack/react-query";
import { parseAsString, parseAsStringLiteral, useQueryStates } from "nuqs";
import { useState } from "react";
import { useTranslations } from "use-intl";
import { ConfirmDialog } from "@/components/kit/confirm-dialog.tsx";
import { type Column, DataTable } from "@/components/kit/data-table.tsx";
import { Equivalent } from "@/components/kit/equivalent.tsx";
import { FilterField } from "@/components/kit/filter-field.tsx";
import { FilterSelect } from "@/components/kit/filter-select.tsx";
import { choiceTerm, textTerm } from "@/components/kit/filter-terms.ts";
import { JidText } from "@/components/kit/jid-text.tsx";
import { Pager } from "@/components/kit/pager.tsx";
import { QueryView } from "@/components/kit/query-view.tsx";
import { EmptyState, NoMatch } from "@/components/kit/states.tsx";
import { TableSkeleton } from "@/components/kit/table-skeleton.tsx";
import { TimeText } from "@/components/kit/time-text.tsx";
import { toast } from "@/components/kit/toast.ts";
import { useCursor } from "@/components/kit/use-cursor.ts";
import { useHostTerm } from "@/components/kit/use-host-term.ts";
import { useHost } from "@/components/kit/use-host.ts";
import { useNegation } from "@/components/kit/use-negation.ts";
import { Badge, type Tone } from "@/components/ui/badge.tsx";
import { Button } from "@/components/ui/button.tsx";
import { Link } from "@/components/ui/link.tsx";
import { Panel } from "@/components/ui/panel.tsx";
import { api } from "@/lib/api/client.ts";
import { useMay } from "@/lib/api/me.ts";
import type { UploadedFile } from "@/lib/contracts/uploads.ts";
import { uploadStates } from "@/lib/contracts/words.ts";
import { commandLine } from "@/lib/format/shell.ts";
import { visible } from "@/lib/format/visible.ts";
import { ByteText } from "./byte-text.tsx";

const limit = 50;
const tones: Record<UploadedFile["state"], Tone> = { waiting: "warn", stored: "ok", ended: "neutral" };
const parsers = { q: parseAsString, user: parseAsString, state: parseAsStringLiteral(uploadStates) };
const nothing = { q: null, user: null, state: null };
const fields = { state: "state" };

export function FilesTab() {
  const t = useTranslations("uploads");
  const may = useMay();
  const [host] = useHost();
  const [values, setValues] = useQueryStates(parsers, { history: "replace" });
  const negation = useNegation(fields);
  const { q, user, state } = values;
  const [removing, setRemoving] = useState<UploadedFile | null>(null);
  const own = { ...(q ? { search: q } : {}), ...(user ? { user } : {}), ...(state ? { state } : {}) };
  const filter = { ...own, ...(host ? { host } : {}), ...negation.input };
  const place = useCursor(JSON.stringify(filter));
  const files = useQuery(
    api.uploads.list.queryOptions({
      input: { ...filter, limit, ...(place.cursor ? { cursor: place.cursor } : {}) },
      placeholderData: keepPreviousData,
      refetchInterval: 15_000,
    }),
  );
  const remove = useMutation(api.uploads.remove.mutationOptions({ meta: { inline: true } }));
  const { set } = negation.over(setValues, nothing);
  const narrow: typeof set = (next) => {
    place.reset();
    set(next);
  };
  const terms = [
    textTerm({
      name: "user",
      label: t("columns.user"),
      value: user,
      set: (text) => narrow({ user: text }),
    }),
    choiceTerm({
      name: "state",
      label: t("columns.state"),
      value: state,
      options: uploadStates.map((each) => [each, t(`states.${each}`)] as const),
      set: (chosen) => narrow({ state: chosen }),
      isShown: true,
    }),
    useHostTerm(),
  ];
  const columns: Column<UploadedFile>[] = [
    {
      id: "file",
      header: t("columns.file"),
      render: ({ name, mediaType }) => (
        <span className="block max-w-80 min-w-0">
          <bdi className="block truncate font-medium" title={visible(name)}>
            {visible(name)}
          </bdi>
          <span className="block truncate text-meta text-ink-3">{mediaType}</span>
        </span>
      ),
    },
    {
      id: "user",
      header: t("columns.user"),
      render: (file) => (
        <Link
          href={`/users/account?jid=${encodeURIComponent(file.user)}`}
          className="underline-offset-2 hover:underline"
        >
          <JidText jid={file.user} />
        </Link>
      ),
    },
    { id: "bytes", header: t("columns.bytes"), isNumber: true, render: ({ bytes }) => <ByteText bytes={bytes} /> },
    {
      id: "state",
      header: t("columns.state"),
      render: (file) => <Badge tone={tones[file.state]}>{t(`states.${file.state}`)}</Badge>,
    },
    { id: "place", header: t("columns.place"), render: (file) => t(`places.${file.place}`) },
    { id: "created", header: t("columns.created"), render: ({ createdAt }) => <TimeText at={createdAt} /> },
    { id: "ends", header: t("columns.ends"), render: ({ endsAt }) => <TimeText at={endsAt} /> },
  ];
  if (may("uploads.remove")) {
    columns.push({
      id: "actions",
      header: t("remove"),
      isBare: true,
      isNumber: true,
      render: (file) =>
        file.state === "ended" ? null : (
          <Button size="sm" variant="danger-quiet" onClick={() => setRemoving(file)}>
            {t("remove")}
          </Button>
        ),
    });
  }
  const id = removing?.id ?? "";
  return (
    <div className="flex flex-col gap-4">
      <div className="flex flex-wrap items-center gap-2">
        <FilterField
          label={t("search")}
          search={q ?? ""}
          onSearch={(words) => narrow({ q: words || null })}
          terms={terms}
          negation={negation}
          className="w-72 max-sm:w-full"
        />
        <FilterSelect
          label={t("columns.state")}
          value={negation.plain(values).state}
          any={t("anyState")}
          options={uploadStates.map((each) => [each, t(`states.${each}`)])}
          onChange={(chosen) => narrow({ state: chosen })}
          className="w-36 max-sm:flex-1"
        />
      </div>
      <Panel flush>
        <QueryView query={files} skeleton={<TableSkeleton rows={8} columns={7} />}>
          {({ items, nextCursor, total }) =>
            items.length > 0 ? (
              <>
                <DataTable
                  name="uploads"
                  label={t("files")}
                  columns={columns}
                  rows={items}
                  rowKey={(file) => file.id}
                />
                <Pager place={place} limit={limit} count={items.length} total={total} nextCursor={nextCursor} />
              </>
            ) : Object.keys(own).length > 0 ? (
              <NoMatch title={t("noMatch")} onClear={() => narrow(nothing)} />
            ) : (
              <EmptyState title={t("empty")} text={t("emptyText")} command="nightpost upload list" />
            )
          }
        </QueryView>
      </Panel>
      <ConfirmDialog
        open={removing !== null}
        onOpenChange={(open) => !open && setRemoving(null)}
        title={t("removeTitle")}
        text={
          <>
            <bdi className="font-medium wrap-anywhere">{visible(removing?.name ?? "")}</bdi> · {t("removeText")}
          </>
        }
        confirm={t("remove")}
        danger
        onConfirm={async () => {
          await remove.mutateAsync({ id });
          toast.success(t("removed"));
        }}
      >
        <Equivalent
          command={commandLine("nightpost", "upload", "remove", id)}
          method="DELETE"
          path={`/uploads/${id}`}
        />
      </ConfirmDialog>
    </div>
  );
}
