import type { contract } from "../../lib/contracts/index.ts";
import type { Core } from "../core/core.ts";
import { own } from "../core/policy/engine.ts";
import { messageOfHost } from "../features/registration/reply.ts";
import { Jid } from "../xmpp/jid.ts";
import { alertText } from "./alert-text.ts";
import type { AlertMessage, AlertWatch } from "./alert-watch.ts";
import type { Admin } from "./parts.ts";
import { revise } from "./revise.ts";
import { timestamp } from "./timestamp.ts";
import type { Verbs } from "./verbs.ts";

/** Who is told of what wants attention when nobody looks at the console. */
export function alerts(admin: Admin, watch: AlertWatch): Verbs<typeof contract.alerts> {
  const { core } = admin;
  return {
    get: () => ({
      alerts: core.policy.document.operations.alerts,
      told: watch.told().map(({ concern, at }) => ({ ...concern, at: timestamp(at), text: alertText(concern) })),
    }),

    set({ alerts: next, comment }, call) {
      call.note("");
      return revise(admin, call, { comment }, (draft) => {
        draft.operations.alerts = next;
      });
    },

    async test(_input, call) {
      call.note("");
      return { sent: await watch.test() };
    },
  };
}

/**
 * Sends a message of a host to each: its own host where it is of this server, else the first one. Answers to how many it
 * went; one that fails keeps it from nobody else.
 */
export async function sendAlert(core: Core, recipients: readonly string[], message: AlertMessage): Promise<number> {
  const { hosts } = core.policy.document;
  const [first = ""] = Object.keys(hosts);
  let sent = 0;
  for (const recipient of recipients) {
    const to = Jid.tryParse(recipient);
    if (to === undefined) continue;
    const host = own(hosts, to.domain) === undefined ? first : to.domain;
    // A chat: that is what forward rules and phones look at.
    try {
      await core.router.send(messageOfHost(host, to.full, message.subject, message.body, "chat"));
      sent += 1;
    } catch (error) {
      core.log.for("alerts").error("an alert could not be sent", { to: to.bare, error: String(error) });
    }
  }
  return sent;
}
