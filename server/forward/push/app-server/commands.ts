import type { Command } from "../../../core/command.ts";
import type { Core } from "../../../core/core.ts";
import type { Host } from "../../../core/host.ts";
import { PerMinute } from "../../../core/per-minute.ts";
import type { Packet } from "../../../core/router.ts";
import { StanzaError } from "../../../xmpp/errors.ts";
import type { FormValues } from "../../../xmpp/forms.ts";
import { targetsFor } from "../device.ts";
import { type CommandKind, credentialsForm, readForm, registrationForm, registrationTable, titleOf } from "./form.ts";
import type { Registrations } from "./registrations.ts";

const kinds: readonly CommandKind[] = ["apns", "fcm", "webpush"];

/** The commands by which clients register devices; names and fields are those of the app servers that phones know. */
export function pushCommands(
  { policy, clock }: Pick<Core, "policy" | "clock">,
  host: Host,
  domain: string,
  registrations: Registrations,
  maxPerMinute: number,
): Command[] {
  const rate = new PerMinute(maxPerMinute);
  const isOwnUser = ({ from }: Packet): boolean => from.domain === host.name && from.local !== "";

  const register = (kind: CommandKind): Command => ({
    node: `register-push-${kind}`,
    name: titleOf(kind),
    // Where there is no such target, nobody is offered what cannot work.
    mayRun: (packet) => isOwnUser(packet) && targetsFor(policy.document.forward.targets, kind).length > 0,
    async run([form], { from }) {
      if (form === undefined) return { kind: "form", form: registrationForm(kind), isLast: true };
      const filled = readForm(kind, form);
      const user = from.toBare();
      if (!rate.take(user.bare, clock.now())) throw StanzaError.of("resource-constraint", "try again in a minute");
      const { node, secret } = await registrations.add(user, from.resource, filled);
      await host.hooks.fire("device/changed", { user });
      return { kind: "completed", form: credentialsForm(domain, node, secret) };
    },
  });

  const unregister: Command = {
    node: "unregister-push",
    name: "Forget devices",
    mayRun: isOwnUser,
    async run([form], { from }) {
      const user = from.toBare();
      const removed = await registrations.remove(user, meantBy(form));
      await host.hooks.fire("device/changed", { user });
      return { kind: "completed", note: { type: "info", text: `${removed} forgotten` } };
    },
  };

  const list: Command = {
    node: "list-push-registrations",
    name: "List devices",
    mayRun: isOwnUser,
    async run(_, { from }) {
      return { kind: "completed", form: registrationTable(await registrations.of(from.toBare())) };
    },
  };

  return [...kinds.map(register), unregister, list];
}

function meantBy(form: FormValues | undefined) {
  const read = (...names: readonly string[]): string | undefined =>
    names.map((name) => form?.values.get(name)?.[0] ?? "").find((text) => text !== "");
  return { node: read("node"), deviceId: read("device-id", "android-id"), token: read("token") };
}
