import { MessageClass } from "../../../lib/contracts/forward-policy.ts";
import { Policy } from "../../../lib/contracts/policy.ts";
import { RegistrationPolicy } from "../../../lib/contracts/registration-policy.ts";

/** Revision 1 of a new store: no host, no admin, nobody may register. */
export function defaultPolicy(): Policy {
  return Policy.parse({
    hosts: {},
    acl: {
      admin: [],
      local: [{ user_regexp: "" }],
      loopback: [{ ip: ["127.0.0.0/8", "::1/128"] }],
    },
    accessRules: {
      configure: [{ allow: [{ acl: "admin" }] }],
      c2s: [{ allow: ["all"] }],
      register: [{ allow: ["all"] }],
      local: [{ allow: [{ acl: "local" }] }],
      announce: [{ allow: [{ acl: "admin" }] }],
    },
    shapers: {
      normal: { rate: 256 * 1024, burst: 4 * 1024 * 1024 },
      fast: { rate: 1024 * 1024, burst: 16 * 1024 * 1024 },
    },
    shaperRules: {
      c2s_shaper: [
        { value: "infinite", to: [{ acl: "admin" }] },
        { value: "normal", to: ["all"] },
      ],
      max_user_sessions: [{ value: 20, to: ["all"] }],
      max_user_offline_messages: [
        { value: 5000, to: [{ acl: "admin" }] },
        { value: 1000, to: ["all"] },
      ],
    },
    registration: RegistrationPolicy.parse({ mode: "closed" }),
    modules: {},
    // Phones whose apps name an app server of their own are told from the start.
    forward: {
      targets: { "app-servers": { kind: "xep0357", timeoutMs: 30_000 } },
      rules: [{ name: "app-servers", classes: [...MessageClass.options], targets: ["app-servers"] }],
    },
  });
}
