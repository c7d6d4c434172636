import { defineModule, type OfflineDelivery, z } from "nightpost";

export const offlinePost = defineModule({
  name: "offline-post",
  summary: "POSTs each offline chat message to a web server, as mod_offline_post did in 2014.",
  xeps: [],
  options: z.strictObject({ url: z.url().default("http://localhost/xmppforward/offline") }),
  enabledByDefault: false,
  start({ options, log, hook }) {
    const post = ({ packet, user }: OfflineDelivery): undefined => {
      const body = packet.stanza.childText("body");
      if (packet.stanza.type !== "chat" || body === undefined || body === "") return;
      const form = new URLSearchParams({ from: packet.from.full, to: user.bare, body });
      fetch(options.url, { method: "POST", body: form, signal: AbortSignal.timeout(10_000) }).catch((error: unknown) =>
        log.warn("an offline message was not posted", { error: String(error) }),
      );
    };
    hook("message/offline", post, 10);
  },
});
