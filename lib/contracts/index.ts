import { alerts } from "./alerts.ts";
import { announcements } from "./announcements.ts";
import { backups } from "./backups.ts";
import { certificates } from "./certificates.ts";
import { components } from "./components.ts";
import { devices } from "./devices.ts";
import { doctor } from "./doctor.ts";
import { exports } from "./exports.ts";
import { factors } from "./factors.ts";
import { forward } from "./forward.ts";
import { groups } from "./groups.ts";
import { hosts } from "./hosts.ts";
import { invites } from "./invites.ts";
import { jobs } from "./jobs.ts";
import { links } from "./links.ts";
import { log } from "./log.ts";
import { metrics } from "./metrics.ts";
import { modules } from "./modules.ts";
import { offline } from "./offline.ts";
import { policy } from "./policy.ts";
import { portability } from "./portability.ts";
import { registration } from "./registration.ts";
import { reports } from "./reports.ts";
import { roles } from "./roles.ts";
import { rooms } from "./rooms.ts";
import { audit, auth, keys, server } from "./server.ts";
import { sessions } from "./sessions.ts";
import { setup } from "./setup.ts";
import { stanzas } from "./stanzas.ts";
import { trace } from "./trace.ts";
import { uploads } from "./uploads.ts";
import { users } from "./users.ts";
import { views } from "./views.ts";

/** The admin API: one contract for the server, the console, the command line and the tests. */
export const contract = {
  server,
  setup,
  auth,
  factors,
  roles,
  views,
  jobs,
  hosts,
  users,
  sessions,
  offline,
  rooms,
  uploads,
  components,
  links,
  announcements,
  alerts,
  groups,
  reports,
  portability,
  policy,
  registration,
  invites,
  forward,
  devices,
  trace,
  modules,
  stanzas,
  log,
  keys,
  metrics,
  certificates,
  backups,
  doctor,
  audit,
  exports,
};
export type Contract = typeof contract;
