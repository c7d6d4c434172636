import type { Element } from "../../xmpp/element.ts";
import { Jid } from "../../xmpp/jid.ts";
import { NS } from "../../xmpp/namespaces.ts";

export const NS_REPORTING = "urn:xmpp:reporting:1";

const maxReasonLength = 200;
const maxTextLength = 1000;
const maxMessages = 10;

/** What an account says of somebody whom it blocks (XEP-0377 3 to 5). */
export interface Said {
  readonly jid: string;
  readonly reason: string;
  readonly text: string;
  readonly consents: readonly string[];
  /** Messages as the account names them (XEP-0359). */
  readonly messages: readonly { readonly by: string; readonly id: string }[];
}

/** Reads the report of a blocked item; undefined: there is none, or it gives no reason. */
export function readReport(item: Element): Said | undefined {
  const report = item.child("report", NS_REPORTING);
  const reason = report?.attr("reason") ?? "";
  const jid = Jid.tryParse(item.attr("jid") ?? "");
  if (report === undefined || jid === undefined || reason === "" || reason.length > maxReasonLength) return undefined;
  const ids = report.elements("stanza-id", NS.stanzaId).slice(0, maxMessages);
  return {
    jid: jid.full,
    reason,
    text: (report.childText("text") ?? "").trim().slice(0, maxTextLength),
    consents: ["report-origin", "third-party"].filter((consent) => report.child(consent) !== undefined),
    messages: ids.flatMap((one) => {
      const [by, id] = [one.attr("by"), one.attr("id")];
      return by === undefined || id === undefined || id === "" || id.length > 255 ? [] : [{ by, id }];
    }),
  };
}
