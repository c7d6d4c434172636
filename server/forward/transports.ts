import { ApnsTransport } from "./push/apns/transport.ts";
import { AppServerTransport } from "./push/app-server/transport.ts";
import { FcmTransport } from "./push/fcm/transport.ts";
import { WebPushTransport } from "./push/webpush/transport.ts";
import type { ResolvedTarget } from "./service.ts";
import type { Transport, TransportOptions } from "./transport.ts";
import { Webhook } from "./webhook/webhook.ts";

/** The way to a target, by its kind. */
export function transportFor(target: ResolvedTarget, options: TransportOptions): Transport {
  switch (target.kind) {
    case "webhook":
      return new Webhook(target, options);
    case "apns":
      return new ApnsTransport(target, options);
    case "fcm":
      return new FcmTransport(target, options);
    case "webpush":
      return new WebPushTransport(target, options);
    default:
      return new AppServerTransport(target, options);
  }
}
