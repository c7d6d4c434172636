import { formatDateTime } from "./datetime.ts";
import { NS } from "./namespaces.ts";

const start = "<message";

/**
 * `<forwarded/>`, XEP-0297 3, written around the text of a message of `jabber:client`; `at`: when it came, ms since the epoch.
 */
export function forwardedText(message: string, at: number | null): string {
  const delay = at === null ? "" : `<delay xmlns='${NS.delay}' stamp='${formatDateTime(at)}'/>`;
  return `<forwarded xmlns='${NS.forward}'>${delay}${start} xmlns='${NS.client}'${message.slice(start.length)}</forwarded>`;
}
