"use client";

import { ArrowDown, ArrowUp, Columns3 } from "lucide-react";
import { Popover } from "radix-ui";
import { useTranslations } from "use-intl";
import { Button } from "@/components/ui/button.tsx";
import { Checkbox } from "@/components/ui/checkbox.tsx";
import { IconButton } from "@/components/ui/icon-button.tsx";
import { Segmented } from "@/components/ui/segmented.tsx";
import type { Place } from "./table-layout.ts";
import { useDensity } from "./use-table-view.ts";

interface Props {
  layout: readonly Place[];
  headerOf: (column: string) => string;
  onToggle: (column: string) => void;
  onMove: (column: string, by: -1 | 1) => void;
  /** null: the columns are as they come. */
  onReset: (() => void) | null;
}

/** Which columns a table shows, in which order, and how tall its rows are. */
export function DataTableOptions({ layout, headerOf, onToggle, onMove, onReset }: Props) {
  const t = useTranslations("common");
  const [density, setDensity] = useDensity();
  return (
    <Popover.Root>
      <Popover.Trigger asChild>
        <IconButton label={t("tableOptions")} size="sm">
          <Columns3 aria-hidden className="size-3.5" />
        </IconButton>
      </Popover.Trigger>
      <Popover.Portal>
        <Popover.Content
          align="end"
          sideOffset={4}
          collisionPadding={8}
          aria-label={t("tableOptions")}
          className="z-50 flex max-h-[70vh] w-72 flex-col gap-3 overflow-y-auto rounded-panel border border-line bg-surface p-3 shadow-overlay focus:outline-none"
        >
          <section className="flex flex-col gap-1">
            <h3 className="flex min-h-6 items-center justify-between text-meta text-ink-3">
              {t("columns")}
              {onReset ? (
                <Button size="sm" variant="ghost" className="h-6 px-1.5 text-accent" onClick={onReset}>
                  {t("columnsReset")}
                </Button>
              ) : null}
            </h3>
            <ul>
              {layout.map(({ id, isHidden }, index) => (
                <li key={id} className="flex min-h-8 items-center gap-1">
                  <label className="flex min-w-0 flex-1 cursor-pointer items-center gap-2">
                    <Checkbox checked={!isHidden} onChange={() => onToggle(id)} />
                    <span className="truncate">{headerOf(id)}</span>
                  </label>
                  <IconButton
                    size="sm"
                    label={t("moveUp", { name: headerOf(id) })}
                    disabled={index === 0}
                    onClick={() => onMove(id, -1)}
                  >
                    <ArrowUp aria-hidden className="size-3.5" />
                  </IconButton>
                  <IconButton
                    size="sm"
                    label={t("moveDown", { name: headerOf(id) })}
                    disabled={index === layout.length - 1}
                    onClick={() => onMove(id, 1)}
                  >
                    <ArrowDown aria-hidden className="size-3.5" />
                  </IconButton>
                </li>
              ))}
            </ul>
          </section>
          <section className="flex items-center justify-between gap-2 border-t border-line pt-3">
            <h3 className="text-meta text-ink-3">{t("density")}</h3>
            <Segmented
              label={t("density")}
              value={density}
              onChange={setDensity}
              options={(["comfortable", "compact"] as const).map((value) => ({ value, label: t(value) }))}
            />
          </section>
        </Popover.Content>
      </Popover.Portal>
    </Popover.Root>
  );
}
