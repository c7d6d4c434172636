import { expect, test } from "vitest";
import { ForwardRule } from "../../../lib/contracts/forward-policy.ts";
import { ForwardTarget } from "../../../lib/contracts/forward-target.ts";
import { HostPolicy, type Policy } from "../../../lib/contracts/policy.ts";
import { defaultPolicy } from "../../core/policy/default.ts";
import { Issues } from "../../core/policy/issues.ts";
import { lintForward } from "./lint.ts";

test.each<[string, (draft: Policy) => void, string[]]>([
  [
    "an unknown target",
    (draft) => {
      draft.forward.targets = { app: ForwardTarget.parse({ url: "https://example.org/x" }) };
      draft.forward.rules = [ForwardRule.parse({ name: "r", targets: ["ap", "app"], hosts: ["bix.org", "bix.or"] })];
    },
    ["error unknown-name forward.rules[0].targets[0] app", "warning unknown-name forward.rules[0].hosts[1] bix.org"],
  ],
  [
    "people whom a forward rule cannot name",
    (draft) => {
      const senders = [
        "a@bix.org",
        "bix.org",
        "*@bix.org",
        "acl:admin",
        "a@bix.org/x",
        "*@a@bix.org",
        "@",
        "acl:admim",
      ];
      draft.acl["vip"] = [{ user: "a@bix.org" }];
      draft.forward.targets = { app: ForwardTarget.parse({ url: "https://example.org/x" }) };
      draft.forward.rules = [ForwardRule.parse({ name: "r", targets: ["app"], senders, recipients: ["acl:vip"] })];
    },
    [
      "error bad-value forward.rules[0].senders[4] null",
      "error bad-value forward.rules[0].senders[5] null",
      "error bad-value forward.rules[0].senders[6] null",
      "error unknown-name forward.rules[0].senders[7] admin",
    ],
  ],
  [
    "a forward rule without a target, unless it is the last word",
    (draft) => {
      draft.forward = {
        targets: {},
        rules: [
          ForwardRule.parse({ name: "r", targets: [] }),
          ForwardRule.parse({ name: "s", targets: [], last: true }),
        ],
      };
    },
    ["warning unused-name forward.rules[0] null"],
  ],
])("%s", (_name, edit, expected) => {
  const draft = defaultPolicy();
  draft.hosts["bix.org"] = HostPolicy.parse({});
  edit(draft);
  const issues = new Issues();
  lintForward(draft, issues);
  expect(
    issues.list.map(({ severity, code, path, suggestion }) => `${severity} ${code} ${path} ${suggestion}`),
  ).toEqual(expected);
});
