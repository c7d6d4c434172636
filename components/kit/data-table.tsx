/* oxlint-disable jsx-a11y/no-redundant-roles, jsx-a11y/no-interactive-element-to-noninteractive-role -- on a phone CSS makes blocks of the rows, which takes the roles of a table away unless they are written out */
"use client";

import dynamic from "next/dynamic";
import { type KeyboardEvent, type ReactNode, useRef } from "react";
import { useTranslations } from "use-intl";
import { Checkbox } from "@/components/ui/checkbox.tsx";
import { cn } from "@/lib/format/cn.ts";
import { useNarrow } from "./use-narrow.ts";
import { useScreenful } from "./use-screenful.ts";
import { useDensity, useTableColumns } from "./use-table-view.ts";

const DataTableOptions = dynamic(
  () => import("./data-table-options.tsx").then(({ DataTableOptions: options }) => options),
  { ssr: false },
);

export interface Column<T> {
  id: string;
  header: ReactNode;
  render: (row: T) => ReactNode;
  isNumber?: boolean;
  className?: string;
  /** The header is read aloud but not shown (a column of buttons). */
  isBare?: boolean;
}

export interface Selection {
  selected: ReadonlySet<string>;
  onChange: (selected: Set<string>) => void;
  nameOf: (key: string) => string;
}

interface Props<T> {
  label: string;
  /** Under this name the reader's choice and order of columns is kept; without one all of them are shown. One table of a page has one. */
  name?: string;
  columns: Column<T>[];
  rows: readonly T[];
  rowKey: (row: T) => string;
  onOpen?: (row: T) => void;
  isActive?: (row: T) => boolean;
  selection?: Selection;
}

/**
 * One table for all lists. Arrow keys or j and k move between rows, Enter opens; on a phone each row becomes a list of
 * named values.
 */
export function DataTable<T>({ label, name, columns: every, rows, rowKey, onOpen, isActive, selection }: Props<T>) {
  const t = useTranslations("common");
  const [density] = useDensity();
  // What names a row stays first, and so do its buttons last.
  const movable = every.filter(({ isBare }, index) => index > 0 && !isBare);
  const view = useTableColumns(
    name,
    movable.map(({ id }) => id),
  );
  const shown = view.layout.flatMap(({ id, isHidden }) =>
    isHidden ? [] : movable.filter((column) => column.id === id),
  );
  const columns = [...every.slice(0, 1), ...shown, ...every.filter(({ isBare }, index) => index > 0 && isBare)];
  const isCompact = density === "compact";
  const isNarrow = useNarrow();
  const drawn = useScreenful(rows, isCompact ? 28 : 36);
  const cells = columns.map(({ isNumber, className }, place) =>
    cn(
      isCompact ? "h-7 py-0.5" : "h-9 py-1.5",
      "px-3 align-middle first:pl-4 last:pr-4 [&>.inline-flex]:align-middle max-sm:flex max-sm:h-auto max-sm:min-h-6 max-sm:items-baseline max-sm:gap-3 max-sm:p-0! max-sm:[&>:last-child]:min-w-0",
      isNumber && "text-right max-sm:text-left",
      place === 0 && "sm:min-w-40",
      className,
    ),
  );
  const body = useRef<HTMLTableSectionElement>(null);
  const keys = rows.map(rowKey);
  const all = selection !== undefined && keys.length > 0 && keys.every((key) => selection.selected.has(key));
  const some = selection !== undefined && !all && keys.some((key) => selection.selected.has(key));

  const move = (event: KeyboardEvent<HTMLTableRowElement>, row: T) => {
    if (event.target !== event.currentTarget) return;
    const step =
      event.key === "ArrowDown" || event.key === "j" ? 1 : event.key === "ArrowUp" || event.key === "k" ? -1 : 0;
    const list = [...(body.current?.rows ?? [])];
    if (step !== 0) list[list.indexOf(event.currentTarget) + step]?.focus();
    else if (event.key === "Enter" && onOpen) onOpen(row);
    else if (event.key === " " && selection) toggle(rowKey(row));
    else return;
    event.preventDefault();
  };
  const toggle = (key: string) => {
    const next = new Set(selection?.selected);
    if (!next.delete(key)) next.add(key);
    selection?.onChange(next);
  };

  return (
    <div className="relative overflow-x-auto">
      {name ? (
        <span className="absolute top-1 right-1.5 bg-surface max-sm:hidden">
          <DataTableOptions
            layout={view.layout}
            headerOf={(id) =>
              headerText(
                movable.find((column) => column.id === id),
                id,
              )
            }
            onToggle={view.toggle}
            onMove={view.move}
            onReset={view.isChanged ? view.reset : null}
          />
        </span>
      ) : null}
      <table role="table" aria-label={label} className="w-full border-collapse text-left max-sm:block">
        <thead role="rowgroup" className="max-sm:sr-only">
          <tr role="row" className="border-b border-line">
            {selection ? (
              <th role="columnheader" scope="col" className="w-10 pl-4">
                <Checkbox
                  aria-label={t("selectPage")}
                  checked={all}
                  indeterminate={some}
                  onChange={() => selection.onChange(new Set(all ? [] : keys))}
                />
              </th>
            ) : null}
            {columns.map((column) => (
              <th
                key={column.id}
                role="columnheader"
                scope="col"
                className={cn(
                  "h-9 px-3 text-meta font-medium whitespace-nowrap text-ink-3 first:pl-4 last:pr-4",
                  column.isNumber && "text-right",
                  name && "last:pr-10",
                )}
              >
                {column.isBare ? <span className="sr-only">{column.header}</span> : column.header}
              </th>
            ))}
          </tr>
        </thead>
        <tbody ref={body} role="rowgroup" className="max-sm:block">
          {drawn.map((row, index) => {
            const key = keys[index] ?? "";
            const isPicked = selection?.selected.has(key) ?? false;
            return (
              <tr
                key={key}
                role="row"
                tabIndex={onOpen || selection ? (index === 0 ? 0 : -1) : undefined}
                aria-selected={selection ? isPicked : undefined}
                onKeyDown={(event) => move(event, row)}
                onClick={(event) => {
                  const target = event.target as Element;
                  if (onOpen && !target.closest("a, button, input, select, label") && !getSelection()?.toString())
                    onOpen(row);
                }}
                className={cn(
                  "border-b border-line -outline-offset-2 last:border-b-0 max-sm:block max-sm:px-4 max-sm:py-2.5",
                  onOpen && "cursor-pointer hover:bg-canvas",
                  (isActive?.(row) || isPicked) && "bg-accent-soft hover:bg-accent-soft",
                )}
              >
                {selection ? (
                  <td role="cell" className="w-10 pl-4 max-sm:float-right max-sm:block max-sm:w-auto max-sm:pl-0">
                    <Checkbox
                      aria-label={t("selectRow", { name: selection.nameOf(key) })}
                      checked={isPicked}
                      onChange={() => toggle(key)}
                    />
                  </td>
                ) : null}
                {columns.map((column, place) => (
                  <td key={column.id} role="cell" className={cells[place]}>
                    {isNarrow && !column.isBare ? (
                      <span aria-hidden className="w-28 shrink-0 text-meta text-ink-3">
                        {column.header}
                      </span>
                    ) : null}
                    {column.render(row)}
                  </td>
                ))}
              </tr>
            );
          })}
        </tbody>
      </table>
    </div>
  );
}

const headerText = (column: { header: ReactNode } | undefined, id: string): string =>
  typeof column?.header === "string" ? column.header : id;
