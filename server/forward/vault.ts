import type { Clock } from "../core/clock.ts";
import type { Log } from "../core/log.ts";
import type { Secrets } from "../core/secrets.ts";
import type { AdminStore } from "../storage/ports.ts";

/** Where a transport keeps a small secret that has to outlive its thread and its process. Never rejects. */
export interface Vault {
  /** null: nothing is kept under this name, or it cannot be read any more. */
  recall(name: string): Promise<string | null>;
  /** Resolves when it is on disk, or cannot be brought there. At `until`, milliseconds since the epoch, it is forgotten. */
  keep(name: string, text: string, until: number): Promise<void>;
}

/** Forgets at once. */
export const noVault: Vault = {
  recall: () => Promise.resolve(null),
  keep: () => Promise.resolve(),
};

interface Kept {
  readonly text: string;
  readonly until: number;
}

const prefix = "vault/";

/** Keeps things in the store, sealed. */
export function sealedVault(
  store: Pick<AdminStore, "secret" | "secrets" | "putSecret" | "removeSecret">,
  secrets: Pick<Secrets, "open" | "seal">,
  clock: Clock,
  log: Log,
): Vault {
  const opened = (name: string, sealed: string): Kept => JSON.parse(secrets.open(sealed, name)) as Kept;
  const removeOld = async (now: number): Promise<void> => {
    for (const [name, sealed] of await store.secrets())
      if (name.startsWith(prefix) && opened(name, sealed).until <= now) await store.removeSecret(name);
  };
  return {
    async recall(name) {
      const place = prefix + name;
      try {
        const sealed = await store.secret(place);
        const kept = sealed === null ? null : opened(place, sealed);
        return kept !== null && kept.until > clock.now() ? kept.text : null;
      } catch (error) {
        log.warn("what an earlier run kept cannot be read", { name, error: String(error) });
        return null;
      }
    },
    async keep(name, text, until) {
      const place = prefix + name;
      const kept: Kept = { text, until };
      try {
        await store.putSecret(place, secrets.seal(JSON.stringify(kept), place));
        await removeOld(clock.now());
      } catch (error) {
        log.warn("something cannot be kept for the next run", { name, error: String(error) });
      }
    },
  };
}
