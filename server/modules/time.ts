import { z } from "zod";
import { defineModule } from "../core/module.ts";
import { formatDateTime } from "../xmpp/datetime.ts";
import { el } from "../xmpp/element.ts";

const NS_TIME = "urn:xmpp:time";

export const time = defineModule({
  name: "time",
  summary: "Tells the server's time.",
  xeps: [
    { number: 202, version: "2.0" },
    { number: 82, version: "1.1.1" },
  ],
  options: z.strictObject({}),
  start(ctx) {
    ctx.feature(NS_TIME, ["host", "service"]);
    ctx.iq(["host", "service"], "get", [NS_TIME, "time"], () =>
      el(
        "time",
        NS_TIME,
        undefined,
        // XEP-0202 4 wants a number: not every client reads the `Z` of XEP-0082.
        el("tzo", NS_TIME, undefined, "+00:00"),
        el("utc", NS_TIME, undefined, formatDateTime(ctx.core.clock.now())),
      ),
    );
  },
});
