import { documentPath } from "../../../lib/contracts/policy-path.ts";
import { remark } from "../../../lib/contracts/remarks.ts";
import { Jid } from "../../xmpp/jid.ts";
import type { Issues } from "./issues.ts";

/** People who are written to: each has to be an address. */
export function lintJids(jids: readonly string[], path: readonly (string | number)[], issues: Issues): void {
  for (const [index, jid] of jids.entries()) {
    if (Jid.tryParse(jid) === undefined)
      issues.error("bad-value", documentPath(...path, index), remark("jid-wrong", { text: jid }));
  }
}
