import type { DeviceRow, Stores } from "../storage/ports.ts";
import type { AccountService } from "./accounts.ts";
import type { Clock } from "./clock.ts";
import type { Hosts } from "./hosts.ts";
import type { Log } from "./log.ts";
import type { Metrics } from "./metrics.ts";
import type { PolicyState } from "./policy/state.ts";
import type { Router } from "./router.ts";
import type { Sessions } from "./sessions.ts";
import type { MessageKeys } from "./stanza-id.ts";

export type { DeviceRow };

/** The parts of a running server that modules and admin verbs work with; put together in main.ts. */
export interface Core {
  readonly stores: Stores;
  readonly log: Log;
  readonly clock: Clock;
  readonly policy: PolicyState;
  readonly accounts: AccountService;
  readonly hosts: Hosts;
  readonly sessions: Sessions;
  readonly router: Router;
  readonly metrics: Metrics;
  /** Keys for what is kept of messages. */
  readonly messageKeys: MessageKeys;
  readonly version: string;
}
