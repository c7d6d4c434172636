import { devices } from "./devices.ts";
import { forward } from "./forward.ts";
import { hosts } from "./hosts.ts";
import { invites } from "./invites.ts";
import { policy } from "./policy.ts";
import { registration } from "./registration.ts";
import { audit, auth, keys, server, setup } from "./server.ts";
import { sessions } from "./sessions.ts";
import { users } from "./users.ts";

/** The admin API: one contract for the server, the console, the command line and the tests. */
export const contract = {
  server,
  setup,
  auth,
  hosts,
  users,
  sessions,
  policy,
  registration,
  invites,
  forward,
  devices,
  keys,
  audit,
};
export type Contract = typeof contract;
