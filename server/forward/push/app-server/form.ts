import { DeviceRegistration } from "../../../../lib/contracts/devices.ts";
import type { DeviceRow } from "../../../storage/ports.ts";
import { el, type Element } from "../../../xmpp/element.ts";
import { StanzaError } from "../../../xmpp/errors.ts";
import { buildForm, type FormField, type FormValues, parseBoolean } from "../../../xmpp/forms.ts";
import { NS } from "../../../xmpp/namespaces.ts";

/** A kind of device that registers with the embedded app server. */
export type CommandKind = DeviceRegistration["kind"];

const common: readonly FormField[] = [
  { var: "device-id", type: "text-single", label: "What the app calls this phone, whatever its token" },
  { var: "device-name", type: "text-single", label: "Name for people" },
  { var: "app-version", type: "text-single", label: "Version of the app" },
  { var: "target", type: "text-single", label: "Name of the target, where there are several" },
];
const kinds: Record<CommandKind, { readonly title: string; readonly fields: readonly FormField[] }> = {
  apns: {
    title: "Register for Apple's push service",
    fields: [
      { var: "token", type: "text-single", label: "Device token, hex", isRequired: true },
      { var: "voip-token", type: "text-single", label: "Token for calls, hex" },
      {
        var: "environment",
        type: "list-single",
        label: "Where the token is from",
        options: [{ value: "production" }, { value: "sandbox" }],
      },
      { var: "topic", type: "text-single", label: "Bundle id of the app" },
    ],
  },
  fcm: {
    title: "Register for Firebase Cloud Messaging",
    fields: [{ var: "token", type: "text-single", label: "Registration token", isRequired: true }],
  },
  webpush: {
    title: "Register a Web Push subscription",
    fields: [
      { var: "endpoint", type: "text-single", label: "Endpoint", isRequired: true },
      { var: "p256dh", type: "text-single", label: "Public key of the subscription", isRequired: true },
      { var: "auth", type: "text-single", label: "Secret of the subscription", isRequired: true },
    ],
  },
};

export const titleOf = (kind: CommandKind): string => kinds[kind].title;

/** The form that asks for what a registration of this kind needs. */
export function registrationForm(kind: CommandKind): Element {
  const { title, fields } = kinds[kind];
  return buildForm("form", [...fields, ...common], { title });
}

/** A form as it was filled in: what is registered, and what else was said. Throws StanzaError for what is no registration. */
export interface FilledForm {
  readonly registration: DeviceRegistration;
  readonly deviceId: string | null;
  readonly name: string | null;
  readonly appVersion: string | null;
  /** Name of a target, or bundle id. */
  readonly target: string | undefined;
}

export function readForm(kind: CommandKind, form: FormValues): FilledForm {
  const read = (...names: readonly string[]): string | undefined => {
    for (const name of names) {
      const text = form.values.get(name)?.[0]?.trim() ?? "";
      if (text !== "") return text;
    }
    return undefined;
  };
  // As other app servers call it.
  const isSandbox = parseBoolean(read("sandbox"));
  const parsed = DeviceRegistration.safeParse({
    kind,
    token: read("token"),
    voipToken: read("voip-token"),
    environment: read("environment") ?? (isSandbox === true ? "sandbox" : undefined),
    endpoint: read("endpoint"),
    p256dh: read("p256dh"),
    auth: read("auth"),
  });
  if (!parsed.success) {
    const [issue] = parsed.error.issues;
    throw StanzaError.of("bad-request", `${String(issue?.path[0] ?? "form")}: ${issue?.message ?? "not valid"}`);
  }
  const shortened = (text: string | undefined): string | null => text?.slice(0, 100) ?? null;
  return {
    registration: parsed.data,
    deviceId: shortened(read("device-id", "android-id")),
    name: shortened(read("device-name", "name")),
    appVersion: shortened(read("app-version")),
    target: read("target", "topic", "app-id"),
  };
}

/** What a client passes on with `<enable/>` (XEP-0357 5). */
export function credentialsForm(jid: string, node: string, secret: string): Element {
  return buildForm("result", [
    { var: "jid", type: "jid-single", values: [jid] },
    { var: "node", type: "text-single", values: [node] },
    { var: "secret", type: "text-single", values: [secret] },
  ]);
}

/** A table of a user's registrations, XEP-0004 3.4. */
export function registrationTable(devices: readonly DeviceRow[]): Element {
  const columns = ["node", "kind", "device-name", "state"] as const;
  const field = (name: string, value?: string): Element =>
    el("field", NS.forms, { var: name }, value === undefined ? undefined : el("value", NS.forms, undefined, value));
  const row = (device: DeviceRow): Element => {
    const state = device.disabled !== null ? "disabled" : device.isEnabled ? "enabled" : "registered";
    const values = [device.node ?? "", device.kind, device.name ?? "", state];
    return el("item", NS.forms, undefined, ...columns.map((name, index) => field(name, values[index])));
  };
  const reported = el("reported", NS.forms, undefined, ...columns.map((name) => field(name)));
  return el("x", NS.forms, { type: "result" }, reported, ...devices.map(row));
}
