import { Resolver } from "node:dns/promises";
import { networkInterfaces } from "node:os";
import { join } from "node:path";
import type { Patient } from "../admin/doctor/parts.ts";
import type { Config } from "../config/schema.ts";
import { warnings } from "./warnings.ts";

const waitMs = 3_000;
const tries = 2;

/** What the doctor looks at on this machine. */
export function patientOf(config: Config): Patient {
  return {
    dns: new Resolver({ timeout: waitMs, tries }),
    addresses: ownAddresses,
    dataDirectory: config.data,
    keyFile: config.storage === "memory" ? null : join(config.data, "nightpost.key"),
    warnings: warnings(config),
  };
}

/** Without those that only this machine, or this cable, can reach. */
function ownAddresses(): string[] {
  return Object.values(networkInterfaces()).flatMap((list) =>
    (list ?? []).flatMap(({ address, internal }) => (internal || address.startsWith("fe80:") ? [] : [address])),
  );
}
