import type { contract } from "../../lib/contracts/index.ts";
import { concernsNow, shortened } from "./attention.ts";
import { refused } from "./errors.ts";
import { overview } from "./overview.ts";
import type { Admin } from "./parts.ts";
import type { Verbs } from "./verbs.ts";

export function server(admin: Admin): Verbs<typeof contract.server> {
  const { core } = admin;
  return {
    overview: (_input, call) => overview(admin, call),

    attention: async () => ({ items: shortened(await concernsNow(admin)) }),

    status: () => ({
      status: admin.state(),
      version: core.version,
      needsSetup: !core.policy.hasAdmin(),
      hosts: Object.keys(core.policy.document.hosts).toSorted(),
      brand: core.policy.document.console.brand,
    }),

    stop(_input, { caller }) {
      if (caller.kind !== "local") throw refused("forbidden", "control-socket-only");
      // The answer is to leave before the listeners close.
      setImmediate(admin.stop);
      return { ok: true };
    },

    listeners: () => ({ items: [...admin.listeners()] }),
  };
}
