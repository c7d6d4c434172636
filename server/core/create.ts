import type { Stores } from "../storage/ports.ts";
import { AccountService } from "./accounts.ts";
import { Administration } from "./administration.ts";
import type { Clock } from "./clock.ts";
import { Components } from "./components.ts";
import type { Core } from "./core.ts";
import { Disk } from "./disk.ts";
import { Hosts } from "./hosts.ts";
import { LogBook } from "./log-book.ts";
import type { Log } from "./log.ts";
import { LoginClients } from "./login-clients.ts";
import { Metrics } from "./metrics.ts";
import { OptionSecrets } from "./option-secrets.ts";
import type { PolicyState } from "./policy/state.ts";
import { Federations } from "./remote/federations.ts";
import { Links } from "./remote/links.ts";
import { Router } from "./router.ts";
import type { Secrets } from "./secrets.ts";
import { Sessions } from "./sessions.ts";
import { MessageKeys } from "./stanza-id.ts";
import { Trace } from "./trace.ts";

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
  const disk = new Disk();
  const messageKeys = new MessageKeys();
  const logBook = new LogBook(log);
  const trace = new Trace(clock, sessions);
  return {
    stores,
    log,
    logBook,
    trace,
    clock,
    policy,
    accounts,
    hosts,
    sessions,
    clients,
    administration: new Administration(),
    router,
    components: new Components(),
    links: new Links({ router, clock, log, hosts, federations: new Federations(hosts, policy) }),
    optionSecrets: new OptionSecrets(secrets),
    metrics,
    disk,
    messageKeys,
    version,
  };
}
