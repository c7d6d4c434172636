import { defineModule, z } from "nightpost";

export const offlinePost = defineModule({
  name: "offline-post",
  summary: "POSTs each offline chat message to a web server, as mod_offline_post did in 2014.",
  xeps: [],
  options: z.strictObject({ url: z.url().default("http://localhost/xmppforward/offline") }),
  enabledByDefault: false,
  start(ctx) {
    const post = (form: URLSearchParams): Promise<Response> =>
      fetch(ctx.options.url, { method: "POST", body: form, signal: AbortSignal.timeout(10_000) });
    ctx.hook("message/offline", ({ packet, user }) => {
      const body = packet.stanza.childText("body");
      if (packet.stanza.type !== "chat" || body === undefined || body === "") return undefined;
      post(new URLSearchParams({ from: packet.from.full, to: user.bare, body })).catch((error: unknown) =>
        ctx.log.warn("an offline message was not posted", { error: String(error) }),
      );
      return undefined;
    }, 10);
  },
});
