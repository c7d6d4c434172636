import type { Jid } from "../../xmpp/jid.ts";
import type { NodeConfig } from "./config.ts";
import { notification, type PubsubEvent } from "./event.ts";
import type { Realm } from "./realm.ts";

/** Tells one entity of something; `at` as in {@link notification}. */
export function tell(
  realm: Realm,
  to: Jid,
  what: { readonly node: string; readonly config: NodeConfig; readonly event: PubsubEvent; readonly at?: number },
): void {
  const { at = null, config, event, node } = what;
  realm.send(notification(realm.address.full, node, config, event, { at }).with({ to: to.full }));
}
