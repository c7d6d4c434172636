import { createHash, randomBytes } from "node:crypto";
import { PermissionSchema } from "../../lib/contracts/endpoint.ts";
import type { contract } from "../../lib/contracts/index.ts";
import type { ApiKey } from "../../lib/contracts/server.ts";
import { Network } from "../core/network.ts";
import type { ApiKeyRow } from "../storage/ports.ts";
import { hostName, requireHost } from "./address.ts";
import { badInput, refused } from "./errors.ts";
import type { Admin } from "./parts.ts";
import { timestamp, timestampOrNull } from "./timestamp.ts";
import type { Verbs } from "./verbs.ts";

/** How long a key lasts when nothing is said. */
const defaultMs = 90 * 24 * 60 * 60 * 1_000;

export function keys({ core, events }: Admin): Verbs<typeof contract.keys> {
  const { stores, clock } = core;
  return {
    async list() {
      const rows = await stores.admin.keys();
      return { items: rows.map(describe) };
    },

    async create({ name, permissions, hosts, addresses, expiresAt }, call) {
      const excess = permissions.filter((permission) => !call.may(permission));
      if (excess.length > 0)
        throw refused(
          "forbidden",
          "beyond-own-rights",
          { permissions: excess.join(", ") },
          {
            permission: excess[0]!,
          },
        );
      const held = hosts?.map(hostName) ?? null;
      for (const host of held ?? []) requireHost(core, host);
      const now = clock.now();
      const expires = expiresAt === undefined ? now + defaultMs : expiresAt === null ? null : Date.parse(expiresAt);
      if (expires !== null && expires <= now) throw badInput("expiresAt", "in-the-past");
      const blocks = addresses.map((text, index) => {
        const block = Network.parse(text);
        if (block === null) throw badInput(`addresses[${index}]`, "no-ip-block");
        return block.text;
      });
      const key = `np_${randomBytes(32).toString("base64url")}`;
      const row: ApiKeyRow = {
        id: randomBytes(9).toString("base64url"),
        name,
        hash: createHash("sha256").update(key).digest("hex"),
        permissions: [...new Set(permissions)],
        hosts: held,
        addresses: blocks,
        createdAt: now,
        createdBy: call.author,
        expiresAt: expires,
        lastUsedAt: null,
        lastUsedFrom: null,
      };
      await stores.admin.putKey(row);
      call.note(name, { id: row.id });
      events.publish("keys", row.id, call.author);
      return { ...describe(row), key };
    },

    async revoke({ id }, call) {
      if (!(await stores.admin.removeKey(id))) throw refused("not-found", "no-such-key");
      events.publish("keys", id, call.author);
      return { ok: true };
    },
  };
}

function describe(row: ApiKeyRow): ApiKey {
  return {
    id: row.id,
    name: row.name,
    // A permission that a later version no longer knows grants nothing.
    permissions: row.permissions.flatMap((permission) => PermissionSchema.safeParse(permission).data ?? []),
    hosts: row.hosts === null ? null : [...row.hosts],
    addresses: [...row.addresses],
    createdAt: timestamp(row.createdAt),
    createdBy: row.createdBy,
    expiresAt: timestampOrNull(row.expiresAt),
    lastUsedAt: timestampOrNull(row.lastUsedAt),
    lastUsedFrom: row.lastUsedFrom,
  };
}
