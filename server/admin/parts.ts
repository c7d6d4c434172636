import type { z } from "zod";
import type { Listener } from "../../lib/contracts/server.ts";
import type { Core } from "../core/core.ts";
import type { Loader } from "../core/loader.ts";
import type { LogLevels } from "../core/log-levels.ts";
import type { Secrets } from "../core/secrets.ts";
import type { LoginThrottle } from "../core/throttle.ts";
import type { Resolver } from "../forward/http/guard.ts";
import type { Replays } from "../forward/jobs/replays.ts";
import type { ForwardService } from "../forward/service.ts";
import type { Backups } from "../operations/backups/backups.ts";
import type { BackupSchedule } from "../operations/backups/schedule.ts";
import type { CertificateKeeper } from "../operations/certificates/keeper.ts";
import type { CertificateOrders } from "../operations/certificates/orders.ts";
import type { Callers } from "./actor.ts";
import type { Patient } from "./doctor/parts.ts";
import type { Events } from "./events.ts";
import type { History } from "./history.ts";
import type { Jobs } from "./jobs.ts";
import type { Logins } from "./logins.ts";
import type { Passkeys } from "./passkeys.ts";
import type { SetupToken } from "./setup-token.ts";
import type { StanzaWatches } from "./stanza-watches.ts";
import type { UserJobAbout } from "./user-jobs.ts";

export type ServerState = "starting" | "ready" | "stopping";

/** What main.ts gives to the admin API. */
export interface AdminOptions {
  readonly core: Core;
  readonly loader: Loader;
  readonly secrets: Secrets;
  readonly forward: ForwardService;
  readonly throttle: LoginThrottle;
  /** Asked for the addresses of names in settings before these are saved; the system when left out. */
  readonly resolve?: Resolver | undefined;
  /** What the listeners show. */
  readonly certificates: CertificateKeeper;
  readonly orders: CertificateOrders;
  /** null: the store is in memory. */
  readonly backups: { readonly backups: Backups; readonly schedule: BackupSchedule; readonly bornAt: number } | null;
  /** What the doctor looks at. */
  readonly patient: Patient;
  readonly listeners: () => readonly z.infer<typeof Listener>[];
  readonly state: () => ServerState;
  /** Begins the orderly stop. */
  readonly stop: () => void;
  /** The same, and then the server begins anew. */
  readonly restart: () => void;
  readonly console: {
    /** What next-auth encrypts the console's sessions with, at least 32 bytes. */
    readonly sessionSecret: string;
    /** What the console's process proves itself with (`x-nightpost-console`). */
    readonly token: string;
  };
}

/** What the verbs work with. */
export interface Admin extends Omit<AdminOptions, "console"> {
  readonly events: Events;
  readonly history: History;
  readonly setup: SetupToken;
  readonly replays: Replays;
  /** Jobs that delete messages that wait. */
  readonly purges: Jobs;
  /** Jobs that destroy rooms. */
  readonly removals: Jobs;
  readonly userJobs: Jobs<UserJobAbout>;
  readonly sessionJobs: Jobs;
  /** Who looks at the traffic. */
  readonly watches: StanzaWatches;
  readonly logLevels: LogLevels;
  readonly callers: Callers;
  readonly logins: Logins;
  readonly passkeys: Passkeys;
}
