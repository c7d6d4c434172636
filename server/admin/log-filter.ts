import type { LogFilter, LogRecord } from "../../lib/contracts/log.ts";
import { negated } from "../../lib/contracts/negation.ts";
import { isAtLeast } from "../core/log.ts";

/** Does the record say all of this? */
export function isLogged(record: LogRecord, filter: LogFilter): boolean {
  const { level, module, host, search, since, until } = filter;
  const not = negated(filter);
  if (level !== undefined && isAtLeast(record.level, level) === not.has("level")) return false;
  if (module !== undefined && isOf(record, module) === not.has("module")) return false;
  if (host !== undefined && record.fields["host"] !== host) return false;
  if (since !== undefined && record.at < since) return false;
  if (until !== undefined && record.at > until) return false;
  if (search === undefined || search === "") return true;
  const wanted = search.toLowerCase();
  if (record.message.toLowerCase().includes(wanted)) return true;
  return Object.values(record.fields).some((value) => String(value).toLowerCase().includes(wanted));
}

const isOf = ({ module, fields }: LogRecord, wanted: string): boolean =>
  module === wanted || fields["handler"] === wanted;
