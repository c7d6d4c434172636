import type { Stores } from "../storage/ports.ts";
import type { AccountService } from "./accounts.ts";
import type { Administration } from "./administration.ts";
import type { Clock } from "./clock.ts";
import type { Components } from "./components.ts";
import type { Disk } from "./disk.ts";
import type { Hosts } from "./hosts.ts";
import type { LogBook } from "./log-book.ts";
import type { Log } from "./log.ts";
import type { LoginClients } from "./login-clients.ts";
import type { Metrics } from "./metrics.ts";
import type { OptionSecrets } from "./option-secrets.ts";
import type { PolicyState } from "./policy/state.ts";
import type { Links } from "./remote/links.ts";
import type { Router } from "./router.ts";
import type { Sessions } from "./sessions.ts";
import type { MessageKeys } from "./stanza-id.ts";
import type { Trace } from "./trace.ts";

/** The parts of a running server that modules and admin verbs work with; put together in main.ts. */
export interface Core {
  readonly stores: Stores;
  readonly log: Log;
  /** The newest records of the log. */
  readonly logBook: LogBook;
  /** What was decided about the latest messages. */
  readonly trace: Trace;
  readonly clock: Clock;
  readonly policy: PolicyState;
  readonly accounts: AccountService;
  readonly hosts: Hosts;
  readonly sessions: Sessions;
  /** What accounts log in with. */
  readonly clients: LoginClients;
  /** Commands by which hosts are administered. */
  readonly administration: Administration;
  readonly router: Router;
  /** External components that may connect (XEP-0114). */
  readonly components: Components;
  /** Connections with other servers. */
  readonly links: Links;
  /** What modules' options hold sealed. */
  readonly optionSecrets: OptionSecrets;
  readonly metrics: Metrics;
  /** Where the store is. */
  readonly disk: Disk;
  /** Keys for what is kept of messages. */
  readonly messageKeys: MessageKeys;
  readonly version: string;
}
