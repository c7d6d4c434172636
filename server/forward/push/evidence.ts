import { createHash } from "node:crypto";
import { attemptError } from "../../../lib/contracts/attempt-errors.ts";
import type { Clock } from "../../core/clock.ts";
import type { PushCredentialRow, PushCredentials } from "../../storage/ports.ts";
import { finding, type Finding } from "./http-record.ts";

/** Refused for devices of so many accounts while nothing is accepted: then it is not the devices. */
const several = 3;

/**
 * What attempts have shown of a credential. Some refusals are either the fault of the settings or that of one device, which
 * anybody can register: as long as nothing was accepted, only those of several accounts speak against the settings. It is
 * kept, so that the first push after a restart is not judged as if it were the first ever.
 */
export class Evidence {
  readonly #name: string;
  readonly #store: PushCredentials | undefined;
  #row: PushCredentialRow;
  #loading: Promise<void> | null;

  constructor(name: string, clock: Clock, store: PushCredentials | undefined) {
    this.#name = name;
    this.#store = store;
    this.#row = { since: clock.now(), accepting: [], refused: {} };
    this.#loading = store === undefined ? null : this.#load(store);
  }

  /** Resolves when it is known what earlier runs have seen; null: it is. */
  get loading(): Promise<void> | null {
    return this.#loading;
  }

  /** When the credential was first in use, milliseconds since the epoch. */
  get since(): number {
    return this.#row.since;
  }

  /** Has this part of the provider, or any, accepted something? */
  isAccepted(part?: string): boolean {
    const { accepting } = this.#row;
    return part === undefined ? accepting.length > 0 : accepting.includes(part);
  }

  accepted(part: string): void {
    if (this.#loading !== null || this.isAccepted(part)) return;
    const { [part]: _, ...refused } = this.#row.refused;
    this.#keep({ ...this.#row, accepting: [...this.#row.accepting, part], refused });
  }

  /**
   * This part of the provider refused something for a device of `user` (bare JID), and has accepted nothing so far. true: by
   * now it speaks against the settings. Once that is said, it takes as many accounts to say it again.
   */
  refused(part: string, user: string): boolean {
    const before = this.#row.refused[part] ?? [];
    const account = createHash("sha256").update(user).digest("base64url").slice(0, 16);
    if (before.includes(account)) return false;
    const isClear = before.length + 1 >= several;
    this.#keep({ ...this.#row, refused: { ...this.#row.refused, [part]: isClear ? [] : [...before, account] } });
    return isClear;
  }

  async #load(store: PushCredentials): Promise<void> {
    // Without the store nothing would be attempted at all, so this may count as unknown.
    const row = await store.find(this.#name).catch(() => null);
    this.#loading = null;
    if (row === null) this.#keep(this.#row);
    else this.#row = row;
  }

  #keep(row: PushCredentialRow): void {
    this.#row = row;
    this.#store?.put(this.#name, row).catch(() => undefined);
  }
}

/** What an answer of a `part` of the provider to a push for `user` means, now that the evidence is complete. */
export function weighed(found: Finding, evidence: Evidence, part: string, user: string): Finding {
  if (found.outcome === "delivered") evidence.accepted(part);
  if (!found.isDoubtful || !evidence.refused(part, user)) return found;
  return finding("misconfigured", forNobody(found.error));
}

/** Why a refusal that says nothing of the settings is taken to be about them. */
export const forNobody = (error: string | null): string => attemptError("same-for-several", { reason: error ?? "" });

/** By store, so that all targets with a credential share what is known of it. */
const all = new WeakMap<PushCredentials, Map<string, Evidence>>();

/** What is known of the credential of a `kind` of target that these values make up; secrets among them do not show. */
export function evidenceOf(
  kind: string,
  values: readonly string[],
  { clock, credentials }: { readonly clock: Clock; readonly credentials?: PushCredentials | undefined },
): Evidence {
  const name = `${kind}/${createHash("sha256").update(JSON.stringify(values)).digest("base64url")}`;
  if (credentials === undefined) return new Evidence(name, clock, undefined);
  const known = all.get(credentials) ?? new Map<string, Evidence>();
  all.set(credentials, known);
  const evidence = known.get(name) ?? new Evidence(name, clock, credentials);
  known.set(name, evidence);
  return evidence;
}
