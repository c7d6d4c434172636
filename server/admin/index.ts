import { Events } from "../core/events.ts";
import { MissingEvents } from "../forward/jobs/missing.ts";
import { Replays } from "../forward/jobs/replays.ts";
import { systemTimers } from "../forward/timers.ts";
import type { Jid } from "../xmpp/jid.ts";
import { Callers } from "./actor.ts";
import { forgetRemovedAdmins } from "./admins.ts";
import { audit } from "./audit.ts";
import { auth } from "./auth.ts";
import { announceChanges } from "./changes.ts";
import { devices } from "./devices.ts";
import { endConsoleSessions } from "./console-sessions.ts";
import { contractEntries, Door } from "./dispatch.ts";
import { forward } from "./forward.ts";
import { History } from "./history.ts";
import { hosts } from "./hosts.ts";
import { AdminHttp } from "./http.ts";
import { invites } from "./invites.ts";
import { keys } from "./keys.ts";
import { Live } from "./live.ts";
import type { Admin, AdminOptions } from "./parts.ts";
import { policy } from "./policy.ts";
import { Reference } from "./reference.ts";
import { registration } from "./registration.ts";
import { createRouter } from "./router.ts";
import { server } from "./server.ts";
import { sessions } from "./sessions.ts";
import { completeSetup, setup, type FirstAdmin } from "./setup.ts";
import { SetupToken } from "./setup-token.ts";
import { users } from "./users.ts";

export interface AdminApi {
  /** Answers requests to `/api/v1/*`; false when the path is another one. */
  readonly handle: AdminHttp["handle"];
  /** Takes over upgrades to `/api/v1/live`; false when the path is another one. */
  readonly upgrade: Live["upgrade"];
  readonly events: Events;
  /** The token of the set-up link, made anew; null when there is an admin. */
  issueSetupToken(): string | null;
  /** Set-up by configuration instead of by link. Throws AdminError: `setup-done`, `exists`, `bad-input`. */
  completeSetup(first: FirstAdmin): Promise<void>;
  /** For password changes by other ways than a verb. */
  endConsoleSessions(user: Jid): Promise<void>;
  stop(): void;
}

/** The admin API over a running core. Throws when an entry of the contract has no policy. */
export function createAdmin({ console, ...options }: AdminOptions): AdminApi {
  const { core } = options;
  const admin: Admin = {
    ...options,
    events: new Events(),
    history: new History(core),
    setup: new SetupToken(),
    replays: new Replays({
      outbox: core.stores.outbox,
      clock: core.clock,
      timers: systemTimers,
      log: core.log,
      missing: (window) => new MissingEvents({ ...core.stores, policy: core.policy }, window),
      wake: (targets) => options.forward.wake(targets),
    }),
    callers: new Callers(core, console.sessionSecret),
  };
  const entries = contractEntries();
  const door = new Door(entries, core.stores.admin, core.clock, core.log);
  const router = createRouter(door, {
    server: server(admin),
    setup: setup(admin),
    auth: auth(admin),
    hosts: hosts(admin),
    users: users(admin),
    sessions: sessions(admin),
    policy: policy(admin),
    registration: registration(admin),
    invites: invites(admin),
    forward: forward(admin),
    devices: devices(admin),
    keys: keys(admin),
    audit: audit(admin),
  });
  const reference = new Reference(entries, core.version);
  const http = new AdminHttp({ router, callers: admin.callers, reference, consoleToken: console.token, log: core.log });
  const live = new Live(admin);
  const stopAnnouncing = announceChanges(admin);
  const stopForgetting = forgetRemovedAdmins(core);
  return {
    handle: http.handle,
    upgrade: live.upgrade,
    events: admin.events,
    issueSetupToken: () => (core.policy.hasAdmin() ? null : admin.setup.issue()),
    async completeSetup(first) {
      await completeSetup(admin, first, {
        at: core.clock.now(),
        actor: "configuration",
        address: "local",
        action: "setup.complete",
        object: first.admin,
        result: "done",
        detail: JSON.stringify({ host: first.host }),
        requestId: "",
      });
    },
    endConsoleSessions: (user) => endConsoleSessions(admin, user, null),
    stop() {
      stopAnnouncing();
      stopForgetting();
      live.stop();
      admin.history.stop();
      admin.replays.close();
    },
  };
}
