import type { Locale } from "../locales.ts";
import * as access from "./access.ts";
import * as audit from "./audit.ts";
import * as common from "./common.ts";
import * as deadLetters from "./dead-letters.ts";
import * as devices from "./devices.ts";
import * as errors from "./errors.ts";
import * as forward from "./forward.ts";
import * as hosts from "./hosts.ts";
import * as invites from "./invites.ts";
import * as login from "./login.ts";
import * as overview from "./overview.ts";
import * as registration from "./registration.ts";
import * as rules from "./rules.ts";
import * as sessions from "./sessions.ts";
import * as settings from "./settings.ts";
import * as setup from "./setup.ts";
import * as shell from "./shell.ts";
import * as simulator from "./simulator.ts";
import * as targets from "./targets.ts";
import * as users from "./users.ts";

const parts = {
  access,
  audit,
  common,
  deadLetters,
  devices,
  errors,
  forward,
  hosts,
  invites,
  login,
  overview,
  registration,
  rules,
  sessions,
  settings,
  setup,
  shell,
  simulator,
  targets,
  users,
};

type Parts = typeof parts;
export type Messages = { [K in keyof Parts]: Parts[K]["en"] };

const collect = (language: "en" | "zh") =>
  Object.fromEntries(Object.entries(parts).map(([name, part]) => [name, part[language]])) as Messages;

/** All texts of the console in one language. Only the root layout reads this: the browser gets one language. */
export const messages: Record<Locale, Messages> = { en: collect("en"), "zh-CN": collect("zh") };
