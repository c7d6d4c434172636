"use client";

import { DropdownMenu } from "radix-ui";
import type { ReactNode } from "react";
import { Check, Columns3 } from "lucide-react";
import { useTranslations } from "use-intl";
import { IconButton } from "@/components/ui/icon-button.tsx";
import { MenuLabel, MenuSeparator } from "@/components/ui/menu.tsx";
import { useDensity } from "./use-table-view.ts";

interface Props {
  columns: readonly { id: string; header: ReactNode }[];
  hidden: ReadonlySet<string>;
  onToggle: (column: string) => void;
}

const itemClasses =
  "flex min-h-8 cursor-pointer items-center gap-2 rounded-badge px-2 text-base outline-none select-none data-[highlighted]:bg-sunken";

/** Which columns a table shows, and how tall its rows are. */
export function DataTableOptions({ columns, hidden, onToggle }: Props) {
  const t = useTranslations("common");
  const [density, setDensity] = useDensity();
  return (
    <DropdownMenu.Root modal={false}>
      <DropdownMenu.Trigger asChild>
        <IconButton label={t("tableOptions")} size="sm">
          <Columns3 aria-hidden className="size-3.5" />
        </IconButton>
      </DropdownMenu.Trigger>
      <DropdownMenu.Portal>
        <DropdownMenu.Content
          align="end"
          sideOffset={4}
          className="z-50 min-w-48 rounded-panel border border-line bg-surface p-1 shadow-overlay"
        >
          <MenuLabel>{t("columns")}</MenuLabel>
          {columns.map(({ id, header }) => (
            <DropdownMenu.CheckboxItem
              key={id}
              checked={!hidden.has(id)}
              onCheckedChange={() => onToggle(id)}
              onSelect={(event) => event.preventDefault()}
              className={itemClasses}
            >
              <Mark />
              {header}
            </DropdownMenu.CheckboxItem>
          ))}
          <MenuSeparator />
          <MenuLabel>{t("density")}</MenuLabel>
          <DropdownMenu.RadioGroup
            value={density}
            onValueChange={(value) => setDensity(value === "compact" ? "compact" : "comfortable")}
          >
            {(["comfortable", "compact"] as const).map((value) => (
              <DropdownMenu.RadioItem
                key={value}
                value={value}
                onSelect={(event) => event.preventDefault()}
                className={itemClasses}
              >
                <Mark />
                {t(value)}
              </DropdownMenu.RadioItem>
            ))}
          </DropdownMenu.RadioGroup>
        </DropdownMenu.Content>
      </DropdownMenu.Portal>
    </DropdownMenu.Root>
  );
}

function Mark() {
  return (
    <span className="flex size-4 items-center justify-center">
      <DropdownMenu.ItemIndicator>
        <Check aria-hidden className="size-4 text-accent" />
      </DropdownMenu.ItemIndicator>
    </span>
  );
}
