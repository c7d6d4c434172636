import type { Device } from "../../lib/contracts/devices.ts";
import type { contract } from "../../lib/contracts/index.ts";
import { negated } from "../../lib/contracts/negation.ts";
import { own } from "../core/policy/engine.ts";
import { newDevice, targetsFor } from "../forward/push/device.ts";
import { openTarget } from "../forward/target-secrets.ts";
import type { DeviceRow } from "../storage/ports.ts";
import { accountJid, hostName } from "./address.ts";
import type { Call } from "./call.ts";
import { badInput, refused } from "./errors.ts";
import { forwardAttempt } from "./forward-event.ts";
import type { Admin } from "./parts.ts";
import { timestamp, timestampOrNull } from "./timestamp.ts";
import type { Verbs } from "./verbs.ts";

const turnable = ["user", "kind", "target", "state"] as const;
/** More than that is no person's, but a mistake of the backend that registers them. */
const maxDevices = 100;

export function devices(admin: Admin): Verbs<typeof contract.devices> {
  const { core, forward: service, secrets, events } = admin;
  const { stores, policy, clock } = core;

  const find = async (id: string, call: Call): Promise<DeviceRow> => {
    const row = await stores.devices.find(id);
    if (row === null) throw refused("not-found", "device-missing", { id });
    call.keepTo(row.host);
    if (call.audit !== null) call.note(`${row.user} ${id}`, { kind: row.kind, target: row.target });
    return row;
  };

  const changed = (row: DeviceRow, call: Call): void => events.publish("devices", row.user, call.author);

  /** The target that is named, or the only one of the kind. */
  const targetOf = (kind: Exclude<DeviceRow["kind"], "xep0357">, wanted: string | undefined): string => {
    const { targets } = policy.document.forward;
    if (wanted !== undefined) {
      if (own(targets, wanted)?.kind === kind) return wanted;
      throw badInput("target", "other-target-kind", { kind });
    }
    const [first, second] = targetsFor(targets, kind);
    if (first === undefined) throw refused("conflict", "no-target-of-kind", { kind });
    if (second !== undefined) throw badInput("target", "target-needed", { kind });
    return first;
  };

  return {
    async list({ host, cursor, limit, not, ...filter }, call) {
      const hosts = call.hosts(host === undefined ? undefined : hostName(host));
      const turned = negated({ not });
      const terms = { ...filter, not: turnable.filter((name) => turned.has(name)) };
      const page = await stores.devices.list({ hosts, ...terms }, { cursor, limit });
      return { ...page, items: page.items.map(describe) };
    },

    async get({ id }, call) {
      return describe(await find(id, call));
    },

    async register({ user: text, target: wanted, device: registration, name, appVersion }, call) {
      const user = accountJid(core, text);
      call.note(user.bare);
      if (!(await stores.accounts.exists(user.domain, user.local)))
        throw refused("not-found", "account-missing", { jid: user.bare });
      const facts = {
        target: targetOf(registration.kind, wanted),
        name: name ?? null,
        appVersion: appVersion ?? null,
        resource: null,
        via: "api",
        isEnabled: true,
        deviceId: null,
        credentials: null,
      } as const;
      const row = await stores.devices.register(newDevice(user, registration, facts, clock.now()), maxDevices);
      if (row === null) throw refused("conflict", "too-many-devices", { jid: user.bare, most: maxDevices });
      call.note(user.bare, { device: row.id, kind: row.kind, target: row.target });
      changed(row, call);
      return describe(row);
    },

    async remove({ id }, call) {
      const row = await find(id, call);
      await stores.devices.remove(id, clock.now());
      changed(row, call);
      return { ok: true };
    },

    async enable({ id, enabled }, call) {
      const row = await find(id, call);
      const now = clock.now();
      if (enabled) {
        await stores.devices.disable(id, null);
        await stores.devices.setEnabled(id, true, now);
      } else if (row.disabled === null) {
        await stores.devices.disable(id, { at: now, reason: `by ${call.author}` });
      }
      changed(row, call);
      return describe(await find(id, call));
    },

    async test({ id }, call) {
      const row = await find(id, call);
      const target = own(policy.document.forward.targets, row.target);
      if (target === undefined) throw refused("conflict", "target-gone", { target: row.target });
      const resolved = await openTarget(row.target, target, stores.admin, secrets);
      const { payload, ...attempt } = await service.test(row.target, resolved, row);
      return { ...forwardAttempt(attempt), payload };
    },
  };
}

function describe(row: DeviceRow): Device {
  const state = row.disabled !== null ? "disabled" : row.isEnabled ? "active" : "registered";
  return {
    id: row.id,
    host: row.host,
    user: row.user,
    kind: row.kind,
    target: row.target,
    name: row.name,
    address: addressOf(row),
    environment: row.settings.environment ?? null,
    hasVoip: row.settings.voipToken !== undefined,
    appVersion: row.appVersion,
    resource: row.resource,
    via: row.via,
    registeredAt: timestamp(row.registeredAt),
    updatedAt: timestamp(row.updatedAt),
    state,
    disabledAt: timestampOrNull(row.disabled?.at ?? null),
    disabledReason: row.disabled?.reason ?? null,
    lastAcceptedAt: timestampOrNull(row.lastAcceptedAt),
    lastError: row.lastError,
    failures: row.failures,
  };
}

/** A token is a capability to ring the phone; its ends tell it from others. */
function addressOf({ kind, token }: DeviceRow): string {
  if (kind === "xep0357") return token;
  const beginning = kind === "webpush" ? `${new URL(token).origin}/` : token.slice(0, 6);
  return `${beginning}…${token.slice(-4)}`;
}
