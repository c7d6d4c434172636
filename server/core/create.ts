import type { Stores } from "../storage/ports.ts";
import { AccountService } from "./accounts.ts";
import type { Clock } from "./clock.ts";
import { Components } from "./components.ts";
import type { Core } from "./core.ts";
import { Disk } from "./disk.ts";
import { UploadedFiles } from "./uploaded-files.ts";
import { Hosts } from "./hosts.ts";
import { Invitations } from "./invitations.ts";
import type { Log } from "./log.ts";
import { LoginClients } from "./login-clients.ts";
import { Metrics } from "./metrics.ts";
import type { PolicyState } from "./policy/state.ts";
import { Router } from "./router.ts";
import type { Secrets } from "./secrets.ts";
import { Sessions } from "./sessions.ts";
import { MessageKeys } from "./stanza-id.ts";

/** Puts the parts of a server together that every composition has (main.ts, tests). */
export function createCore(parts: {
  stores: Stores;
  policy: PolicyState;
  secrets: Secrets;
  log: Log;
  clock: Clock;
  version: string;
}): Core {
  const { stores, policy, secrets, log, clock, version } = parts;
  const metrics = new Metrics(clock.now());
  const hosts = new Hosts();
  const sessions = new Sessions();
  const router = new Router(hosts, sessions, log, metrics);
  const accounts = new AccountService({ stores, policy, secrets, hosts, sessions, log, clock });
  const clients = new LoginClients({
    store: stores.clients,
    revocations: accounts.revocations,
    secrets,
    sessions,
    clock,
  });
  const invitations = new Invitations(stores.invites, clock);
  const disk = new Disk();
  const files = new UploadedFiles(stores.files, clock, disk);
  const messageKeys = new MessageKeys();
  return {
    stores,
    log,
    clock,
    policy,
    accounts,
    hosts,
    sessions,
    clients,
    invitations,
    router,
    components: new Components(),
    metrics,
    disk,
    files,
    messageKeys,
    version,
  };
}
