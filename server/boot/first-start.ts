import { readFileSync } from "node:fs";
import { HostPolicy } from "../../lib/contracts/policy.ts";
import { remark } from "../../lib/contracts/remarks.ts";
import type { AdminApi } from "../admin/index.ts";
import type { PolicyState } from "../core/policy/state.ts";
import { Jid } from "../xmpp/jid.ts";
import { BootError } from "./boot-error.ts";

/** Makes the configured hosts while the server has none. */
export async function firstHosts(policy: PolicyState, names: readonly string[]): Promise<void> {
  if (names.length === 0 || Object.keys(policy.document.hosts).length > 0) return;
  const hosts = names.map((name) => {
    const jid = Jid.tryParse(name);
    if (jid === undefined || jid.local !== "" || jid.resource !== "")
      throw new BootError(`hosts: ${name} is not a domain name.`);
    return jid.domain;
  });
  await policy.change({ author: "nightpost", comment: remark("revision-first-hosts"), audit: null }, (draft) => {
    for (const host of hosts) draft.hosts[host] = HostPolicy.parse({});
  });
}

/** Makes the admin that the environment names, while there is none. Throws BootError. */
export async function firstAdmin(
  admin: AdminApi,
  policy: PolicyState,
  env: Readonly<Record<string, string | undefined>>,
): Promise<void> {
  const jid = env["NIGHTPOST_ADMIN"];
  if (jid === undefined || policy.hasAdmin()) return;
  const host = jid.slice(jid.indexOf("@") + 1);
  if (!jid.includes("@")) throw new BootError("NIGHTPOST_ADMIN: expected user@host.");
  try {
    const registration = policy.document.registration.mode === "open" ? "open" : "closed";
    await admin.completeSetup({ host, admin: jid, password: passwordOf(env), registration });
  } catch (error) {
    if (error instanceof BootError) throw error;
    throw new BootError(`NIGHTPOST_ADMIN: ${error instanceof Error ? error.message : String(error)}`);
  }
}

function passwordOf(env: Readonly<Record<string, string | undefined>>): string {
  const file = env["NIGHTPOST_ADMIN_PASSWORD_FILE"];
  const given = env["NIGHTPOST_ADMIN_PASSWORD"];
  if (file === undefined) {
    if (given === undefined)
      throw new BootError("NIGHTPOST_ADMIN needs NIGHTPOST_ADMIN_PASSWORD_FILE or NIGHTPOST_ADMIN_PASSWORD.");
    return given;
  }
  try {
    return readFileSync(file, "utf8").replace(/\r?\n$/, "");
  } catch (error) {
    throw new BootError(`NIGHTPOST_ADMIN_PASSWORD_FILE: ${error instanceof Error ? error.message : String(error)}`);
  }
}
