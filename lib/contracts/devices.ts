import { z } from "zod";
import { Done, endpoint, HostName, JidText, pageOf, PageInput, secret, Timestamp } from "./endpoint.ts";
import { ForwardAttempt } from "./forward-event.ts";
import { Negation } from "./negation.ts";
import { Name } from "./policy.ts";
import { deviceKinds } from "./words.ts";

export const DeviceKind = z.enum(deviceKinds);
export type DeviceKind = z.infer<typeof DeviceKind>;

/** Where a push for somebody goes: an app on a phone, a browser, or an app server that a client named. */
export const Device = z.object({
  id: z.string(),
  host: HostName,
  user: z.string().describe("bare JID"),
  kind: DeviceKind,
  target: z.string(),
  name: z.string().nullable().describe("what the app calls it"),
  /** Enough of the token to recognise it; of an app server its JID and node. */
  address: z.string(),
  environment: z.enum(["production", "sandbox"]).nullable().describe("APNs; null: the target's"),
  hasVoip: z.boolean(),
  appVersion: z.string().nullable(),
  resource: z.string().nullable().describe("the client that registered it"),
  via: z.enum(["enable", "command", "api"]),
  registeredAt: Timestamp,
  updatedAt: Timestamp,
  /** `registered`: the client has yet to enable it (XEP-0357). */
  state: z.enum(["active", "registered", "disabled"]),
  disabledAt: Timestamp.nullable(),
  disabledReason: z.string().nullable(),
  lastAcceptedAt: Timestamp.nullable(),
  lastError: z.string().nullable(),
  failures: z.int().describe("attempts in a row that were not accepted"),
});
export type Device = z.infer<typeof Device>;

const token = secret(z.string().min(8).max(4096));

/** What a client or an app's backend says of a device. */
export const DeviceRegistration = z.discriminatedUnion("kind", [
  z.object({
    kind: z.literal("apns"),
    token: token.regex(/^[0-9A-Fa-f]{16,400}$/, "hex digits"),
    voipToken: token.regex(/^[0-9A-Fa-f]{16,400}$/, "hex digits").optional(),
    environment: z.enum(["production", "sandbox"]).optional(),
  }),
  z.object({ kind: z.literal("fcm"), token: token.regex(/^[\w:.-]+$/, "a registration token") }),
  z.object({
    kind: z.literal("webpush"),
    endpoint: secret(z.url({ protocol: /^https?$/ }).max(2048)),
    p256dh: z.string().regex(/^[\w-]{87}=?$/, "base64url of 65 bytes"),
    auth: secret(z.string().regex(/^[\w-]{22}={0,2}$/, "base64url of 16 bytes")),
  }),
]);
export type DeviceRegistration = z.infer<typeof DeviceRegistration>;

const read = { permission: "devices:read" } as const;
const write = (audit: string) => ({ permission: "devices:write", audit }) as const;
const Id = z.object({ id: z.string().max(64) });

export const devices = {
  list: endpoint("GET", "/devices", { ...read, host: "host", filtered: true }, "Devices, newest first")
    .input(
      PageInput.extend({
        host: HostName.optional(),
        user: z.string().max(3071).optional().describe("bare JID"),
        kind: DeviceKind.optional(),
        target: z.string().max(64).optional(),
        state: z.enum(["active", "registered", "disabled"]).optional(),
        search: z.string().max(255).optional().describe("part of the JID or the device's name"),
        not: Negation("user", "kind", "target", "state"),
      }),
    )
    .output(pageOf(Device)),
  get: endpoint("GET", "/devices/{id}", { ...read, filtered: true }, "One device")
    .input(Id)
    .output(Device),
  register: endpoint(
    "POST",
    "/devices",
    { ...write("device.register"), host: "user" },
    "Register a device of an account, ready for pushes; the same token again replaces what was said before",
  )
    .input(
      z.object({
        user: JidText.describe("bare JID"),
        target: Name.optional().describe("needed when several targets of the kind exist"),
        device: DeviceRegistration,
        name: z.string().max(100).optional(),
        appVersion: z.string().max(100).optional(),
      }),
    )
    .output(Device),
  remove: endpoint("DELETE", "/devices/{id}", { ...write("device.remove"), filtered: true }, "Forget a device")
    .input(Id)
    .output(Done),
  enable: endpoint(
    "POST",
    "/devices/{id}/enable",
    { ...write("device.enable"), filtered: true },
    "Push to a device again, or no more",
  )
    .input(Id.extend({ enabled: z.boolean() }))
    .output(Device),
  test: endpoint(
    "POST",
    "/devices/{id}/test",
    { ...write("device.test"), filtered: true },
    "Send one test push to a device and answer with the attempt",
  )
    .input(Id)
    .output(ForwardAttempt.extend({ payload: z.string() })),
};
