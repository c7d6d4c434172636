import type { Listener } from "../../lib/contracts/server.ts";
import type { HostSummary } from "../../lib/contracts/hosts.ts";
import type { z } from "zod";
import type { Core } from "../core/core.ts";
import type { Events } from "../core/events.ts";
import type { Loader } from "../core/loader.ts";
import type { Secrets } from "../core/secrets.ts";
import type { LoginThrottle } from "../core/throttle.ts";
import type { Resolver } from "../forward/http/guard.ts";
import type { Replays } from "../forward/jobs/replays.ts";
import type { ForwardService } from "../forward/service.ts";
import type { Callers } from "./actor.ts";
import type { History } from "./history.ts";
import type { SetupToken } from "./setup-token.ts";

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
  /** The certificate that a host's clients are shown; null: none yet. */
  readonly certificateOf: (host: string) => HostSummary["certificate"];
  readonly listeners: () => readonly z.infer<typeof Listener>[];
  readonly state: () => ServerState;
  /** Begins the orderly stop. */
  readonly stop: () => void;
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
  readonly callers: Callers;
}
