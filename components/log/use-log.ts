"use client";

import { parseAsString, parseAsStringLiteral, useQueryStates } from "nuqs";
import { useEffect, useMemo, useRef, useState, useSyncExternalStore } from "react";
import { periodStart, periods } from "@/components/audit/period-select.tsx";
import { useNegation } from "@/components/kit/use-negation.ts";
import { client } from "@/lib/api/client.ts";
import { useLive } from "@/lib/api/live-context.ts";
import { LiveTail } from "@/lib/api/live-tail.ts";
import type { LiveStream } from "@/lib/api/live.ts";
import type { LogFilter, LogRecord } from "@/lib/contracts/log.ts";
import { logLevels } from "@/lib/contracts/words.ts";

const parsers = {
  level: parseAsStringLiteral(logLevels),
  module: parseAsString,
  host: parseAsString,
  q: parseAsString,
  period: parseAsStringLiteral(periods),
};
const nothing = { level: null, module: null, host: null, q: null, period: null };
const fields = { level: "level", module: "module" };
const pageSize = 200;

/** The log's filter, kept in the address. */
export function useLogFilter() {
  const [values, setValues] = useQueryStates(parsers, { history: "replace" });
  const { level, module, host, q, period } = values;
  // It begins where it began when it was chosen: the log is followed.
  const since = useMemo(() => periodStart(period), [period]);
  const negation = useNegation(fields);
  const { not } = negation.input;
  const filter = useMemo<LogFilter>(
    () => ({
      ...(level ? { level } : {}),
      ...(module ? { module } : {}),
      ...(host ? { host } : {}),
      ...(q ? { search: q } : {}),
      ...(since ? { since } : {}),
      ...(not ? { not } : {}),
    }),
    [level, module, host, q, since, not],
  );
  return {
    values,
    negation,
    filter,
    ...negation.over(setValues, nothing),
    isFiltered: Object.keys(filter).length > 0,
  };
}

/** The live log of a filter, and its view of this frame. */
export function useLog(filter: LogFilter) {
  const live = useLive();
  const [log] = useState(() => tailOf(live, filter));
  const applied = useRef(filter);
  useEffect(() => log.start(), [log]);
  useEffect(() => {
    if (applied.current === filter) return;
    applied.current = filter;
    log.setOptions({ log: filter });
  }, [log, filter]);
  const view = useSyncExternalStore(log.onView, log.getView, log.getView);
  return { log, view };
}

export type LogTail = LiveTail<LogRecord, "log">;

function tailOf(live: LiveStream, filter: LogFilter): LogTail {
  return new LiveTail(
    live,
    {
      topic: "log",
      keyOf: (record) => record.id,
      rowOf: (event) => event.data,
      isFailure: (record) => record.level === "error",
      page: (cursor, options) =>
        client.log.list({ ...options.log, limit: pageSize, ...(cursor === null ? {} : { cursor }) }),
    },
    { log: filter },
  );
}
