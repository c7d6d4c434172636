import { LogLevels } from "../core/log-levels.ts";
import { MissingEvents } from "../forward/jobs/missing.ts";
import { Replays } from "../forward/jobs/replays.ts";
import { Rerouting } from "../forward/jobs/rerouting.ts";
import { systemTimers } from "../forward/timers.ts";
import type { Jid } from "../xmpp/jid.ts";
import { Callers } from "./actor.ts";
import { forgetRemovedAdmins } from "./admins.ts";
import { AlertWatch } from "./alert-watch.ts";
import { alerts, sendAlert } from "./alerts.ts";
import { announcements } from "./announcements.ts";
import { concernsNow } from "./attention.ts";
import { audit } from "./audit.ts";
import { auth } from "./auth.ts";
import { backups } from "./backups.ts";
import { certificates } from "./certificates.ts";
import { announceChanges } from "./changes.ts";
import { components } from "./components.ts";
import { endConsoleSessions } from "./console-sessions.ts";
import { devices } from "./devices.ts";
import { contractEntries, Door } from "./dispatch.ts";
import { doctor } from "./doctor.ts";
import { Events } from "./events.ts";
import { exports } from "./exports.ts";
import { factors } from "./factors.ts";
import { forward } from "./forward.ts";
import { groups } from "./groups.ts";
import { History } from "./history.ts";
import { watchDrains } from "./host-drains.ts";
import { hosts } from "./hosts.ts";
import { AdminHttp } from "./http.ts";
import { giveInvited } from "./invite-gifts.ts";
import { invites } from "./invites.ts";
import { invoker } from "./invoke.ts";
import { Jobs } from "./jobs.ts";
import { keys } from "./keys.ts";
import { links } from "./links.ts";
import { Live } from "./live.ts";
import { log } from "./log.ts";
import { Logins } from "./logins.ts";
import { metrics } from "./metrics.ts";
import { MetricsText, type Scrape } from "./metrics/endpoint.ts";
import { modules } from "./modules.ts";
import { offline } from "./offline.ts";
import { administrationOf } from "./over-xmpp/administration.ts";
import { ownJobs } from "./own-jobs.ts";
import type { Admin, AdminOptions } from "./parts.ts";
import { Passkeys } from "./passkeys.ts";
import { policy } from "./policy.ts";
import { portability } from "./portability/portability.ts";
import { Reference } from "./reference.ts";
import { registration } from "./registration.ts";
import { reports } from "./reports.ts";
import { roles } from "./roles.ts";
import { rooms } from "./rooms.ts";
import { type AllVerbs, createRouter } from "./router.ts";
import { server } from "./server.ts";
import { sessions } from "./sessions.ts";
import { SetupToken } from "./setup-token.ts";
import { completeSetup, setup, type FirstAdmin } from "./setup.ts";
import { StanzaWatches } from "./stanza-watches.ts";
import { stanzas } from "./stanzas.ts";
import { trace } from "./trace.ts";
import { uploads } from "./uploads.ts";
import { users } from "./users.ts";
import { views } from "./views.ts";

export interface AdminApi {
  /** Answers requests to `/api/v1/*`; false when the path is another one. */
  readonly handle: AdminHttp["handle"];
  /** Takes over upgrades to `/api/v1/live`; false when the path is another one. */
  readonly upgrade: Live["upgrade"];
  readonly events: Events;
  /** For Prometheus. Rejects with AdminError `unauthenticated`, `forbidden`. */
  metricsText(scrape: Scrape): Promise<string>;
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
  const passkeys = new Passkeys(core.stores.factors, options.secrets, core.clock);
  const events = new Events();
  const admin: Admin = {
    ...options,
    passkeys,
    logins: new Logins(core, options.secrets, options.throttle, passkeys),
    events,
    history: new History(core, options.forward),
    setup: new SetupToken(),
    replays: new Replays({
      outbox: core.stores.outbox,
      clock: core.clock,
      timers: systemTimers,
      log: core.log,
      missing: (window) => new MissingEvents({ ...core.stores, policy: core.policy }, window),
      rerouting: (filter, to) => new Rerouting({ ...core.stores, policy: core.policy }, filter, to),
      wake: (targets) => options.forward.wake(targets),
    }),
    purges: new Jobs(core.clock, core.log.for("offline")),
    removals: new Jobs(core.clock, core.log.for("rooms")),
    userJobs: new Jobs(core.clock, core.log.for("users")),
    sessionJobs: new Jobs(core.clock, core.log.for("sessions")),
    watches: new StanzaWatches(core.clock),
    logLevels: new LogLevels(core.log, core.clock, () => events.publish("log")),
    callers: new Callers(core, console.sessionSecret),
  };
  const alertWatch = new AlertWatch({
    clock: core.clock,
    timers: systemTimers,
    log: core.log,
    policy: () => core.policy.document.operations.alerts,
    concerns: () => concernsNow(admin),
    send: (recipients, message) => sendAlert(core, recipients, message),
  });
  const entries = contractEntries();
  const door = new Door(entries, core.stores.admin, core.clock, core.log);
  const verbs: AllVerbs = {
    server: server(admin),
    setup: setup(admin),
    auth: auth(admin),
    factors: factors(admin),
    roles: roles(admin),
    views: views(admin),
    jobs: ownJobs(admin),
    hosts: hosts(admin),
    users: users(admin),
    sessions: sessions(admin),
    offline: offline(admin),
    rooms: rooms(admin),
    uploads: uploads(admin),
    components: components(admin),
    links: links(admin),
    announcements: announcements(admin),
    alerts: alerts(admin, alertWatch),
    groups: groups(admin),
    reports: reports(admin),
    portability: portability(admin),
    policy: policy(admin),
    registration: registration(admin),
    invites: invites(admin),
    forward: forward(admin),
    devices: devices(admin),
    trace: trace(admin),
    modules: modules(admin),
    stanzas: stanzas(admin),
    log: log(admin),
    keys: keys(admin),
    metrics: metrics(admin),
    certificates: certificates(admin),
    backups: backups(admin),
    doctor: doctor(admin),
    audit: audit(admin),
    exports: exports(admin),
  };
  const router = createRouter(door, verbs);
  const invoke = invoker(door, verbs);
  core.administration.provide(administrationOf(core, invoke));
  const reference = new Reference(entries, core.version);
  const http = new AdminHttp({ router, callers: admin.callers, reference, consoleToken: console.token, log: core.log });
  const live = new Live(admin);
  const metricsText = new MetricsText(admin);
  admin.history.start();
  alertWatch.start();
  const stopAlerts = [
    options.forward.onAlert(() => alertWatch.hurry()),
    core.policy.onChange(() => alertWatch.hurry()),
  ];
  const stopAnnouncing = announceChanges(admin);
  const stopDrains = watchDrains(admin);
  const stopForgetting = forgetRemovedAdmins(core);
  const stopGiving = giveInvited(admin, invoke);
  return {
    handle: http.handle,
    upgrade: live.upgrade,
    events: admin.events,
    metricsText: (scrape) => metricsText.read(scrape),
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
        means: null,
      });
    },
    endConsoleSessions: async (user) => void (await endConsoleSessions(admin, user, null)),
    stop() {
      stopAnnouncing();
      stopDrains();
      stopForgetting();
      stopGiving();
      live.stop();
      metricsText.stop();
      admin.history.stop();
      for (const stop of stopAlerts) stop();
      alertWatch.stop();
      admin.replays.close();
      for (const jobs of [admin.purges, admin.removals, admin.userJobs, admin.sessionJobs]) jobs.close();
      admin.watches.close();
      admin.logLevels.close();
    },
  };
}
