import { z } from "zod";
import { defineModule } from "../../core/module.ts";
import type { Session } from "../../core/session.ts";
import { el } from "../../xmpp/element.ts";
import { StreamError } from "../../xmpp/errors.ts";
import { Valve } from "./valve.ts";

const NS_CSI = "urn:xmpp:csi:0";

export const clientState = defineModule({
  name: "client-state",
  summary: "Spares phones that nobody looks at what can wait: presence, chat states and events.",
  xeps: [{ number: 352, version: "1.0.0" }],
  options: z.strictObject({
    max_kept: z
      .int()
      .min(1)
      .max(10_000)
      .default(500)
      .describe("Stanzas that wait for an inactive client; past that, all of them go."),
  }),
  start(ctx) {
    const { core, host, options } = ctx;
    const open = (session: Session): void => {
      if (session.valve instanceof Valve) session.valve.open();
    };
    const close = (session: Session): void => {
      if (session.valve instanceof Valve) session.valve.isInactive = true;
      else session.valve = new Valve(session, options.max_kept);
    };
    ctx.sessionFeature({
      name: "client-state",
      var: NS_CSI,
      handles: [
        [NS_CSI, "active"],
        [NS_CSI, "inactive"],
      ],
      // A session is active to begin with.
      enable(session, request) {
        if (request.name === "inactive") close(session);
        return undefined;
      },
    });
    ctx.streamFeature({
      name: "client-state",
      order: 70,
      handles: [
        [NS_CSI, "active"],
        [NS_CSI, "inactive"],
      ],
      offer: (stream) => (stream.account === null ? undefined : el("csi", NS_CSI)),
      handle: ({ session }, nonza) => {
        if (session === null) throw new StreamError("not-authorized", "a client state before a resource is bound");
        if (nonza.name === "active") open(session);
        else close(session);
      },
    });
    // XEP-0352 4: a stream that was resumed is active.
    ctx.hook("session/resumed", ({ session }) => {
      open(session);
    });
    ctx.onStop(() => {
      for (const session of core.sessions.all()) {
        if (session.host !== host) continue;
        open(session);
        session.valve = null;
      }
    });
  },
});
