import type { LogFilter, LogRecord } from "../../lib/contracts/log.ts";
import { isAtLeast } from "../core/log.ts";

/** Does the record say all of this? */
export function isLogged(record: LogRecord, { level, module, host, search, since, until }: LogFilter): boolean {
  if (level !== undefined && !isAtLeast(record.level, level)) return false;
  if (module !== undefined && record.module !== module && record.fields["handler"] !== module) return false;
  if (host !== undefined && record.fields["host"] !== host) return false;
  if (since !== undefined && record.at < since) return false;
  if (until !== undefined && record.at > until) return false;
  if (search === undefined || search === "") return true;
  const wanted = search.toLowerCase();
  if (record.message.toLowerCase().includes(wanted)) return true;
  return Object.values(record.fields).some((value) => String(value).toLowerCase().includes(wanted));
}
