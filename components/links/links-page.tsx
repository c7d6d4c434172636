"use client";

import { keepPreviousData, useMutation, useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslations } from "use-intl";
import { ConfirmDialog } from "@/components/kit/confirm-dialog.tsx";
import { Equivalent } from "@/components/kit/equivalent.tsx";
import { FilterField } from "@/components/kit/filter-field.tsx";
import { FilterSelect } from "@/components/kit/filter-select.tsx";
import { choiceTerm } from "@/components/kit/filter-terms.ts";
import { PageHeader } from "@/components/kit/page-header.tsx";
import { Page } from "@/components/kit/page.tsx";
import { Pager } from "@/components/kit/pager.tsx";
import { QueryView } from "@/components/kit/query-view.tsx";
import { EmptyState, NoMatch } from "@/components/kit/states.tsx";
import { TableSkeleton } from "@/components/kit/table-skeleton.tsx";
import { toast } from "@/components/kit/toast.ts";
import { useCursor } from "@/components/kit/use-cursor.ts";
import { useHostTerm } from "@/components/kit/use-host-term.ts";
import { Link } from "@/components/ui/link.tsx";
import { Panel } from "@/components/ui/panel.tsx";
import { api } from "@/lib/api/client.ts";
import type { Link as ServerLink } from "@/lib/contracts/links.ts";
import { linkDirections, linkStates } from "@/lib/contracts/words.ts";
import { commandLine } from "@/lib/format/shell.ts";
import { FederationState } from "./federation-state.tsx";
import { LinkTable } from "./link-table.tsx";
import { useLinkFilter } from "./use-link-filter.ts";

const limit = 50;

export function LinksPage() {
  const t = useTranslations("links");
  const { filter, isNarrow, values, negation, set, clear } = useLinkFilter();
  const [closing, setClosing] = useState<ServerLink | null>(null);
  const place = useCursor(JSON.stringify(filter));
  const retry = useMutation(api.links.retry.mutationOptions());
  const close = useMutation(api.links.close.mutationOptions({ meta: { inline: true } }));
  const links = useQuery(
    api.links.list.queryOptions({
      input: { ...filter, limit, ...(place.cursor ? { cursor: place.cursor } : {}) },
      placeholderData: keepPreviousData,
      refetchInterval: 15_000,
    }),
  );
  const narrow = (next: Partial<typeof values>) => {
    place.reset();
    set(next);
  };
  const directions = linkDirections.map((each) => [each, t(`directions.${each}`)] as const);
  const states = linkStates.map((each) => [each, t(`states.${each}`)] as const);
  const terms = [
    choiceTerm({
      name: "direction",
      label: t("directionFilter"),
      value: values.direction,
      options: directions,
      set: (direction) => narrow({ direction }),
      isShown: true,
    }),
    choiceTerm({
      name: "state",
      label: t("stateFilter"),
      value: values.state,
      options: states,
      set: (state) => narrow({ state }),
      isShown: true,
    }),
    useHostTerm(),
  ];
  const plain = negation.plain(values);
  const nameOf = (link: ServerLink | null) => link?.remote ?? t("unknown");

  return (
    <Page title={t("title")}>
      <PageHeader title={t("title")} lead={t("lead")} />
      <div className="flex flex-wrap items-center gap-2">
        <FilterField
          label={t("search")}
          search={values.q ?? ""}
          onSearch={(words) => narrow({ q: words || null })}
          terms={terms}
          negation={negation}
          className="w-72 max-sm:w-full"
        />
        <FilterSelect
          label={t("directionFilter")}
          value={plain.direction}
          any={t("anyDirection")}
          options={directions}
          onChange={(direction) => narrow({ direction })}
          className="w-44 max-sm:flex-1"
        />
        <FilterSelect
          label={t("stateFilter")}
          value={plain.state}
          any={t("anyState")}
          options={states}
          onChange={(state) => narrow({ state })}
          className="w-44 max-sm:flex-1"
        />
      </div>
      <QueryView query={links} skeleton={<TableSkeleton rows={6} columns={7} />}>
        {({ items, nextCursor, total, isOpen, listeners }) => (
          <>
            <FederationState isOpen={isOpen} listeners={listeners} />
            <Panel flush>
              {items.length > 0 ? (
                <>
                  <LinkTable
                    links={items}
                    onClose={setClosing}
                    onRetry={(link) =>
                      retry.mutate(
                        { id: link.id },
                        { onSuccess: () => toast.success(t("retried", { domain: nameOf(link) })) },
                      )
                    }
                  />
                  <Pager place={place} limit={limit} count={items.length} total={total} nextCursor={nextCursor} />
                </>
              ) : isNarrow ? (
                <NoMatch title={t("noMatch")} onClear={clear} />
              ) : (
                <EmptyState
                  title={t("empty")}
                  text={isOpen ? t("emptyText") : t("closed")}
                  action={
                    isOpen ? null : (
                      <Link href="/access" className="text-accent hover:underline">
                        {t("toRules")}
                      </Link>
                    )
                  }
                  command="nightpost link list"
                />
              )}
            </Panel>
          </>
        )}
      </QueryView>
      <ConfirmDialog
        open={closing !== null}
        onOpenChange={(open) => !open && setClosing(null)}
        title={t("closeTitle", { domain: nameOf(closing) })}
        text={t("closeText", { count: closing?.queued.stanzas ?? 0 })}
        confirm={t("closeConfirm")}
        danger
        onConfirm={async () => {
          if (closing === null) return;
          await close.mutateAsync({ id: closing.id });
          toast.success(t("wasClosed", { domain: nameOf(closing) }));
        }}
      >
        <Equivalent
          command={commandLine("nightpost", "link", "close", closing?.id ?? "")}
          method="POST"
          path={`/links/${closing?.id ?? ""}/close`}
        />
      </ConfirmDialog>
    </Page>
  );
}
