import { randomBytes } from "node:crypto";
import type { Core } from "../../../core/core.ts";
import type { DeviceRow } from "../../../storage/ports.ts";
import { StanzaError } from "../../../xmpp/errors.ts";
import type { Jid } from "../../../xmpp/jid.ts";
import { newDevice, targetsFor } from "../device.ts";
import type { FilledForm } from "./form.ts";

/** Which devices of a user are meant; all of them when nothing is said. */
export interface Meant {
  readonly node?: string | undefined;
  readonly deviceId?: string | undefined;
  readonly token?: string | undefined;
}

/** Devices that the accounts of a host registered with its app server. */
export class Registrations {
  readonly #core: Pick<Core, "stores" | "policy" | "clock">;
  readonly #maxDevices: number;

  constructor(core: Pick<Core, "stores" | "policy" | "clock">, maxDevices: number) {
    this.#core = core;
    this.#maxDevices = maxDevices;
  }

  /** The user's devices that are known here by a node. */
  async of(user: Jid): Promise<DeviceRow[]> {
    const devices = await this.#core.stores.devices.of(user.bare);
    return devices.filter(({ node }) => node !== null);
  }

  /**
   * Registers what a client said of its device. A token that is known keeps its node, and stays enabled if it was; a new
   * token of the same phone takes the old one's place. Throws StanzaError.
   */
  async add(user: Jid, resource: string, filled: FilledForm): Promise<{ node: string; secret: string }> {
    const { stores, clock } = this.#core;
    const { registration, deviceId, name, appVersion } = filled;
    const target = this.#target(filled);
    const credentials = {
      node: randomBytes(12).toString("base64url"),
      secret: randomBytes(18).toString("base64url"),
    };
    const facts = { target, name, appVersion, resource, via: "command", deviceId, credentials } as const;
    const now = clock.now();
    const device = await stores.devices.register(
      newDevice(user, registration, { ...facts, isEnabled: false }, now),
      this.#maxDevices,
    );
    if (device === null) throw StanzaError.of("resource-constraint", `no more than ${this.#maxDevices} devices`);
    const replaced = (await this.of(user)).filter(
      (one) =>
        deviceId !== null && one.settings.deviceId === deviceId && one.kind === device.kind && one.id !== device.id,
    );
    await Promise.all(replaced.map(({ id }) => stores.devices.remove(id, now)));
    return { node: device.node ?? credentials.node, secret: credentials.secret };
  }

  /** Answers how many there were. */
  async remove(user: Jid, meant: Meant): Promise<number> {
    const { stores, clock } = this.#core;
    const rows = (await this.of(user)).filter(
      (one) =>
        (meant.node === undefined || one.node === meant.node) &&
        (meant.token === undefined || one.token === meant.token) &&
        (meant.deviceId === undefined || one.settings.deviceId === meant.deviceId),
    );
    const now = clock.now();
    await Promise.all(rows.map(({ id }) => stores.devices.remove(id, now)));
    return rows.length;
  }

  /**
   * `<enable/>` and `<disable/>` of the user for a node of this app server, or for all of theirs. Throws StanzaError for a
   * node to be enabled that is not the user's, or that the push provider knows no more.
   */
  async setEnabled(user: Jid, node: string | null, isEnabled: boolean): Promise<void> {
    const { stores, clock } = this.#core;
    const rows = (await this.of(user)).filter((one) => node === null || one.node === node);
    const able = isEnabled ? rows.filter(({ disabled }) => disabled === null) : rows;
    if (isEnabled && able.length === 0) throw StanzaError.of("item-not-found");
    const now = clock.now();
    await Promise.all(able.map(({ id }) => stores.devices.setEnabled(id, isEnabled, now)));
  }

  #target({ registration: { kind }, target }: FilledForm): string {
    const { targets } = this.#core.policy.document.forward;
    const [first, second] = targetsFor(targets, kind, target);
    if (first === undefined) {
      const isWrongName = targetsFor(targets, kind).length > 0;
      throw isWrongName
        ? StanzaError.of("item-not-found", `there is no app ${target ?? ""}`)
        : StanzaError.of("feature-not-implemented");
    }
    if (second !== undefined)
      throw StanzaError.of("bad-request", "there are several apps: the field target says which");
    return first;
  }
}
