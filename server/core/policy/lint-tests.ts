import { documentPath } from "../../../lib/contracts/policy-path.ts";
import type { Policy } from "../../../lib/contracts/policy.ts";
import { remark } from "../../../lib/contracts/remarks.ts";
import { Jid } from "../../xmpp/jid.ts";
import { parseAddress } from "../network.ts";
import { own } from "./engine.ts";
import type { Issues } from "./issues.ts";
import { nearest } from "./nearest.ts";

/** Tests that ask about what is not there. */
export function lintTests({ tests, hosts }: Policy, rules: ReadonlySet<string>, issues: Issues): void {
  for (const [index, { rule, jid, ip, host }] of tests.entries()) {
    const path = ["tests", index];
    const domain = host ?? Jid.tryParse(jid)?.domain ?? "";
    const known = [...rules, ...Object.keys(own(hosts, domain)?.accessRules ?? {}), "all", "none"];
    if (!known.includes(rule)) issues.unknown("access rule", rule, documentPath(...path, "rule"), known);
    if (Jid.tryParse(jid) === undefined)
      issues.error("bad-value", documentPath(...path, "jid"), remark("jid-wrong", { text: jid }));
    if (ip !== undefined && parseAddress(ip) === null)
      issues.error("bad-value", documentPath(...path, "ip"), remark("address-wrong", { text: ip }));
    if (host !== undefined && own(hosts, host) === undefined)
      issues.warn(
        "unknown-name",
        documentPath(...path, "host"),
        remark("test-host-unknown", { host }),
        nearest(host, Object.keys(hosts)),
      );
  }
}
