import type { Locale } from "../locales.ts";
import * as access from "./access.ts";
import * as announcements from "./announcements.ts";
import * as audit from "./audit.ts";
import * as backups from "./backups.ts";
import * as bulk from "./bulk.ts";
import * as certificates from "./certificates.ts";
import * as common from "./common.ts";
import * as components from "./components.ts";
import * as deadLetters from "./dead-letters.ts";
import * as devices from "./devices.ts";
import * as doctor from "./doctor.ts";
import * as errors from "./errors.ts";
import * as factors from "./factors.ts";
import * as filter from "./filter.ts";
import * as forward from "./forward.ts";
import * as groups from "./groups.ts";
import * as hosts from "./hosts.ts";
import * as imports from "./imports.ts";
import * as invites from "./invites.ts";
import * as jobs from "./jobs.ts";
import * as links from "./links.ts";
import * as log from "./log.ts";
import * as loginPolicy from "./login-policy.ts";
import * as login from "./login.ts";
import * as metrics from "./metrics.ts";
import * as modules from "./modules.ts";
import * as newUser from "./new-user.ts";
import * as offline from "./offline.ts";
import * as overview from "./overview.ts";
import * as policy from "./policy.ts";
import * as registration from "./registration.ts";
import * as remedies from "./remedies.ts";
import * as reports from "./reports.ts";
import * as roles from "./roles.ts";
import * as rooms from "./rooms.ts";
import * as rules from "./rules.ts";
import * as sessions from "./sessions.ts";
import * as settings from "./settings.ts";
import * as setup from "./setup.ts";
import * as shell from "./shell.ts";
import * as simulator from "./simulator.ts";
import * as stanzas from "./stanzas.ts";
import * as targets from "./targets.ts";
import * as trace from "./trace.ts";
import * as uploads from "./uploads.ts";
import * as users from "./users.ts";
import * as views from "./views.ts";

const parts = {
  access,
  announcements,
  audit,
  backups,
  bulk,
  certificates,
  common,
  components,
  links,
  deadLetters,
  devices,
  doctor,
  errors,
  factors,
  filter,
  forward,
  groups,
  hosts,
  imports,
  invites,
  jobs,
  log,
  login,
  loginPolicy,
  metrics,
  modules,
  newUser,
  offline,
  overview,
  policy,
  registration,
  remedies,
  reports,
  rooms,
  roles,
  rules,
  sessions,
  settings,
  setup,
  shell,
  simulator,
  stanzas,
  targets,
  uploads,
  trace,
  users,
  views,
};

type Parts = typeof parts;
export type Messages = { [K in keyof Parts]: Parts[K]["en"] };

const collect = (language: "en" | "zh") =>
  Object.fromEntries(Object.entries(parts).map(([name, part]) => [name, part[language]])) as Messages;

/** All texts of the console in one language. Only the root layout reads this: the browser gets one language. */
export const messages: Record<Locale, Messages> = { en: collect("en"), "zh-CN": collect("zh") };
