"use client";

import { Download } from "lucide-react";
import { useTranslations } from "use-intl";
import { Button } from "@/components/ui/button.tsx";
import { Menu, MenuItem, MenuLabel } from "@/components/ui/menu.tsx";
import { useMay } from "@/lib/api/me.ts";
import type { ExportFormat } from "@/lib/contracts/exports.ts";

const formats: readonly ExportFormat[] = ["csv", "ndjson"];

interface Props {
  list: "users" | "forward" | "audit";
  /** The filter that the page shows the list by. */
  filter: Readonly<Record<string, string | undefined>>;
  host?: string | null;
}

/** The list as a file: every row that the filter finds, not only those of the page. The server streams it. */
export function ExportMenu({ list, filter, host }: Props) {
  const t = useTranslations("common");
  const may = useMay();
  if (!may(`exports.${list}`, host)) return null;
  const href = (format: ExportFormat) => {
    const given = Object.entries(filter).flatMap(([name, value]) => (value ? [[name, value]] : []));
    return `/api/v1/exports/${list}?${new URLSearchParams([...given, ["format", format]])}`;
  };
  return (
    <Menu
      trigger={
        <Button>
          <Download aria-hidden className="size-3.5" />
          {t("export")}
        </Button>
      }
    >
      <MenuLabel>{t("exportAll")}</MenuLabel>
      {formats.map((format) => (
        <MenuItem key={format} asChild>
          <a href={href(format)} download>
            {format.toUpperCase()}
          </a>
        </MenuItem>
      ))}
    </Menu>
  );
}
