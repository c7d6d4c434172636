"use client";

import { useId } from "react";
import { useTranslations } from "use-intl";
import { Field, ToggleField } from "@/components/kit/field.tsx";
import { Checkbox } from "@/components/ui/checkbox.tsx";
import { Select } from "@/components/ui/select.tsx";
import { csvColumns, type CsvMapping } from "@/lib/contracts/imports/csv-mapping.ts";
import { visible } from "@/lib/format/visible.ts";
import type { SourceTable } from "./import-source.ts";

interface Props {
  table: SourceTable;
  served: readonly string[];
  isBusy: boolean;
  onChange: (mapping: CsvMapping) => void;
}

/** What each column of a table is about, beside what stands in it. */
export function ColumnMap({ table: { mapping, first }, served, isBusy, onChange }: Props) {
  const t = useTranslations("imports");
  const id = useId();
  const { columns, hasHeader } = mapping;
  const [names = []] = hasHeader ? first : [];
  const shown = hasHeader ? first.slice(1) : first.slice(0, -1);
  const hasHost = columns.includes("host") || columns.includes("address");
  const choose = (index: number, value: string) => {
    const chosen = csvColumns.find((each) => each === value) ?? null;
    // Nothing stands in two columns.
    onChange({
      ...mapping,
      columns: columns.map((column, at) => (at === index ? chosen : column === chosen ? null : column)),
    });
  };
  return (
    <div className="flex flex-col gap-4">
      <div>
        <p className="mb-1 font-medium">{t("columns")}</p>
        <ul className="divide-y divide-line border-y border-line">
          {columns.map((column, index) => (
            <li key={index} className="grid items-center gap-x-4 gap-y-1 py-1.5 sm:grid-cols-[minmax(0,1fr)_13rem]">
              <span className="min-w-0">
                <bdi className="block truncate font-medium">
                  {visible(names[index] ?? "") || t("column", { number: index + 1 })}
                </bdi>
                <bdi className="block truncate font-mono text-meta text-ink-3">
                  {column === "password"
                    ? t("columnHidden")
                    : shown.flatMap((fields) => visible(fields[index] ?? "") || []).join(" · ")}
                </bdi>
              </span>
              <Select
                aria-label={t("columnIs", { column: visible(names[index] ?? "") || index + 1 })}
                value={column ?? ""}
                disabled={isBusy}
                onChange={(event) => choose(index, event.target.value)}
              >
                <option value="">{t("columnLeftOut")}</option>
                {csvColumns.map((each) => (
                  <option key={each} value={each}>
                    {t(`columnKinds.${each}`)}
                  </option>
                ))}
              </Select>
            </li>
          ))}
        </ul>
      </div>
      <ToggleField label={t("hasHeader")} htmlFor={`${id}-header`}>
        <Checkbox
          id={`${id}-header`}
          checked={hasHeader}
          disabled={isBusy}
          onChange={(event) => onChange({ ...mapping, hasHeader: event.target.checked })}
        />
      </ToggleField>
      {hasHost ? null : (
        <Field label={t("tableHost")} htmlFor={`${id}-host`} help={t("tableHostHelp")}>
          <Select
            id={`${id}-host`}
            value={mapping.host}
            disabled={isBusy}
            aria-describedby={`${id}-host-help`}
            onChange={(event) => onChange({ ...mapping, host: event.target.value })}
            className="w-64 max-w-full"
          >
            <option value="">{t("chooseHost")}</option>
            {served.map((host) => (
              <option key={host} value={host}>
                {host}
              </option>
            ))}
          </Select>
        </Field>
      )}
    </div>
  );
}
