"use client";

import { useFormatter, useLocale, useTranslations } from "use-intl";
import type { Column } from "@/components/kit/data-table.tsx";
import { Tooltip } from "@/components/ui/tooltip.tsx";
import type { OnlineSession } from "@/lib/contracts/sessions.ts";
import { formatBytes } from "@/lib/format/bytes.ts";
import type { Rates } from "./rates.ts";

/** What goes over a session each second, in and out; a dash until two answers of the server have told of it. */
export function useRateColumns(rates: ReadonlyMap<string, Rates>): Column<OnlineSession>[] {
  const t = useTranslations("sessions");
  const format = useFormatter();
  const locale = useLocale();
  const rate = (value: number) => format.number(value, { maximumFractionDigits: 1 });
  const size = (bytes: number) => formatBytes(Math.round(bytes), locale);
  return [
    {
      id: "stanzas",
      header: t("columns.stanzas"),
      isNumber: true,
      render: ({ jid, stanzasIn, stanzasOut }) => {
        const now = rates.get(jid);
        return (
          <Pair
            now={now ? [rate(now.stanzasIn), rate(now.stanzasOut)] : null}
            all={[format.number(stanzasIn), format.number(stanzasOut)]}
          />
        );
      },
    },
    {
      id: "bytes",
      header: t("columns.bytes"),
      isNumber: true,
      render: ({ jid, bytesIn, bytesOut }) => {
        const now = rates.get(jid);
        return (
          <Pair now={now ? [size(now.bytesIn), size(now.bytesOut)] : null} all={[size(bytesIn), size(bytesOut)]} />
        );
      },
    },
  ];
}

/** In and out, with what it was in all as a hint. */
function Pair({ now, all }: { now: readonly string[] | null; all: readonly string[] }) {
  const t = useTranslations("sessions");
  return (
    <Tooltip text={t("inAll", { total: all.join(" / ") })}>
      <span tabIndex={0} className="whitespace-nowrap text-ink-2 tabular-nums">
        {now?.join(" / ") ?? "—"}
      </span>
    </Tooltip>
  );
}
