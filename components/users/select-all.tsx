"use client";

import { useTranslations } from "use-intl";
import { Button } from "@/components/ui/button.tsx";

interface Props {
  /** All that the filter finds are chosen, whichever page they are on. */
  isAll: boolean;
  except: number;
  /** How many of the page are chosen. */
  count: number;
  /** How many the filter finds; null: nobody has counted. */
  total: number | null;
  onAll: () => void;
}

/** Over the table once its whole page is chosen: the way to choose the other pages, too. */
export function SelectAll({ isAll, except, count, total, onAll }: Props) {
  const t = useTranslations("bulk");
  return (
    <div
      role="status"
      className="flex min-h-10 flex-wrap items-center justify-center gap-2 border-b border-line bg-sunken px-4 py-1.5"
    >
      {isAll ? (
        t("allSelected", { except })
      ) : (
        <>
          {t("pageSelected", { count })}
          <Button size="sm" onClick={onAll}>
            {total === null ? t("selectAll") : t("selectAllOf", { total })}
          </Button>
        </>
      )}
    </div>
  );
}
