import { once } from "node:events";
import { parseArgs } from "node:util";
import { FcmTarget, WebPushTarget } from "../lib/contracts/forward-target.ts";
import { systemClock } from "../server/core/clock.ts";
import { startFcmMock } from "../server/forward/push/fcm/mock.ts";
import { renderFcm } from "../server/forward/push/fcm/payload.ts";
import { FcmTransport } from "../server/forward/push/fcm/transport.ts";
import { counted, sampleDevice, sampleEvent, samplePush } from "../server/forward/push/testing.ts";
import { startPushService, type MockSubscription } from "../server/forward/push/webpush/mock.ts";
import { renderWebPush } from "../server/forward/push/webpush/payload.ts";
import { WebPushTransport } from "../server/forward/push/webpush/transport.ts";
import { newVapidPrivateKey } from "../server/forward/push/webpush/vapid.ts";
import type { Outgoing } from "../server/forward/transport.ts";
import { measurePushes, pushRow, pushTableHead, startProviders } from "./push-load.ts";

const usage = `node bench/push.ts [options]
  --seconds N      length of each measurement (5)
  --concurrency N  pushes under way at once (32)

What a push through FCM and Web Push costs the process that sends it, from the message to the judged answer. The providers
are mocks in a process of their own that check every request; they speak plain HTTP, so TLS is not in the figures.`;

/** What the process of the mocks tells about them. */
interface Providers {
  readonly fcm: { readonly url: string; readonly serviceAccount: string };
  readonly subscriptions: readonly MockSubscription[];
}

const { values, positionals } = parseArgs({
  options: {
    seconds: { type: "string", default: "5" },
    concurrency: { type: "string", default: "32" },
    help: { type: "boolean", default: false },
  },
  allowPositionals: true,
});
if (values.help) console.log(usage);
else if (positionals[0] === "providers") await provide();
else await measureAll();

async function provide(): Promise<void> {
  const [fcm, pushes] = [await startFcmMock(), await startPushService()];
  const subscriptions = Array.from({ length: 100 }, () => pushes.subscribe());
  const { url, serviceAccount } = fcm;
  console.log(JSON.stringify({ fcm: { url, serviceAccount }, subscriptions } satisfies Providers));
  await once(process.stdin.resume(), "end");
  const complaints = [...fcm.complaints, ...pushes.complaints];
  console.log(JSON.stringify(complaints.slice(0, 10)));
  await Promise.all([fcm.close(), pushes.close()]);
}

async function measureAll(): Promise<void> {
  const { facts: providers, end } = await startProviders<Providers>(import.meta.url);
  const shared = { concurrency: Number(values.concurrency), allowPrivate: true, content: "full" } as const;
  const options = { version: "0", clock: systemClock };
  const message = samplePush();

  const fcmTarget = FcmTarget.parse({
    kind: "fcm",
    server: providers.fcm.url,
    serviceAccount: providers.fcm.serviceAccount,
    ...shared,
  });
  const phone = sampleDevice({ kind: "fcm", token: `device:${"A".repeat(140)}` });
  const fcmPush = (): Outgoing => sampleEvent(counted(renderFcm(message, fcmTarget), 1), phone, Date.now());

  const webTarget = WebPushTarget.parse({
    kind: "webpush",
    contact: "mailto:admin@example.org",
    privateKey: newVapidPrivateKey(),
    services: ["127.0.0.1"],
    ...shared,
  });
  const browsers = providers.subscriptions.map(({ endpoint, p256dh, auth }) =>
    sampleDevice({ kind: "webpush", token: endpoint, settings: { p256dh, auth } }),
  );
  let turn = 0;
  const webPush = (): Outgoing =>
    sampleEvent(counted(renderWebPush(message, webTarget), 1), browsers[turn++ % browsers.length]!, Date.now());

  const load = { seconds: Number(values.seconds), concurrency: Number(values.concurrency) };
  console.log(`| | ${pushTableHead}`);
  console.log(pushRow("FCM", await measurePushes(new FcmTransport(fcmTarget, options), fcmPush, load)));
  console.log(pushRow("Web Push", await measurePushes(new WebPushTransport(webTarget, options), webPush, load)));
  await end();
}
