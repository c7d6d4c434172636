import { describe, expect, test } from "vitest";
import { parseCondition, parseLine } from "../../../lib/contracts/policy-text.ts";
import { HostPolicy, type Policy } from "../../../lib/contracts/policy.ts";
import { RegistrationPolicy } from "../../../lib/contracts/registration-policy.ts";
import { defaultPolicy } from "./default.ts";
import { lint } from "./lint.ts";

function issuesOf(edit: (draft: Policy) => void): string[] {
  const draft = defaultPolicy();
  draft.hosts["bix.org"] = HostPolicy.parse({});
  edit(draft);
  return lint(draft, null, [], ["muc_create"]).map(
    ({ severity, code, path, suggestion }) => `${severity} ${code} ${path} ${suggestion}`,
  );
}
const shadowed = (line: number) => [`warning shadowed-line accessRules.local[${line}] null`];
const rule = (...lines: string[]) => lines.map(parseLine);

test("nothing is wrong with the default document", () => {
  expect(lint(defaultPolicy(), null)).toEqual([]);
});

describe("names", () => {
  test.each<[string, (draft: Policy) => void, string[]]>([
    [
      "an unknown ACL",
      (draft) => (draft.accessRules["c2s"] = rule("allow acl adnim")),
      ["error unknown-name accessRules.c2s[0].allow[0].acl admin"],
    ],
    [
      "an unknown shaper",
      (draft) => (draft.shaperRules["c2s_shaper"] = [{ value: "nomral", to: ["all"] }]),
      ["error unknown-name shaperRules.c2s_shaper[0].value normal"],
    ],
    [
      "an unknown access rule",
      (draft) => (draft.registration = RegistrationPolicy.parse({ mode: "access", accessRule: "registr" })),
      ["error unknown-name registration.accessRule register"],
    ],
    [
      "a reserved name",
      (draft) => (draft.acl["all"] = []),
      ["error reserved-name acl.all null", "warning unused-name acl.all null"],
    ],
    [
      "an access rule that nothing asks",
      (draft) => {
        for (const name of ["lost", "vip", "muc_create", "uploads"]) draft.accessRules[name] = rule("allow acl local");
        draft.registration = RegistrationPolicy.parse({ mode: "access", accessRule: "vip" });
        draft.modules["upload"] = { enabled: true, options: { access: "uploads" } };
      },
      ["warning unused-name accessRules.lost null"],
    ],
    [
      "a test about a rule, a JID, an address or a host that is not there",
      (draft) => {
        const test = { name: "t", rule: "c2s", jid: "a@bix.org", expected: "allow" } as const;
        draft.tests = [
          test,
          { ...test, rule: "c3s" },
          { ...test, jid: "@" },
          { ...test, ip: "10.0.0.0/8" },
          { ...test, host: "bix.or" },
        ];
      },
      [
        "error unknown-name tests[1].rule c2s",
        "error bad-value tests[2].jid null",
        "error bad-value tests[3].ip null",
        "warning unknown-name tests[4].host bix.org",
      ],
    ],
    ["an unused ACL", (draft) => (draft.acl["x"] = ["all"]), ["warning unused-name acl.x null"]],
    [
      "a host that is not written as it is compared",
      (draft) => (draft.hosts["Example.ORG"] = HostPolicy.parse({})),
      ['error bad-value hosts["Example.ORG"] example.org'],
    ],
    [
      "an ACL that only a host has",
      (draft) => {
        draft.hosts["bix.org"]!.acl = { own: { inherit: "replace", any: [{ user: "a" }] } };
        draft.hosts["bix.org"]!.accessRules = { c2s: { inherit: "replace", lines: rule("allow acl own") } };
        draft.accessRules["local"] = rule("allow acl own");
      },
      ["error unknown-name accessRules.local[0].allow[0].acl null"],
    ],
  ])("%s", (_, edit, expected) => expect(issuesOf(edit)).toEqual(expected));
});

describe("conditions", () => {
  test.each([
    ["user_regexp [", "error bad-pattern acl.admin[0].user_regexp null"],
    ["user a@b@c", "error bad-pattern acl.admin[0].user null"],
    ["ip 10.0.0.0/33", "error bad-cidr acl.admin[0].ip null"],
    ["user_regexp admin", "warning unanchored-regexp acl.admin[0].user_regexp ^admin$"],
    ["server_regexp ^a|b", "warning unanchored-regexp acl.admin[0].server_regexp ^(?:^a|b)$"],
  ])("%s", (text, expected) =>
    expect(issuesOf((draft) => (draft.acl["admin"] = [parseCondition(text)]))).toEqual([expected]),
  );

  test.each<[string, string[], string[]]>([
    [
      "all before others",
      ["all", "user a@b"],
      ["warning always-true acl.admin[0] null", "warning role-for-all accessRules.configure[0] null"],
    ],
    ["all alone", ["all"], ["warning role-for-all accessRules.configure[0] null"]],
    ["inside a wider block", ["ip 10.1.0.0/16", "ip 10.0.0.0/8"], ["warning shadowed-line acl.admin[0] null"]],
    ["the same twice", ["user a@b", "user a@b"], ["warning shadowed-line acl.admin[1] null"]],
    ["of their own", ["user a@b", "server c"], []],
  ])("of an ACL: %s", (_, any, expected) =>
    expect(issuesOf((draft) => (draft.acl["admin"] = any.map(parseCondition)))).toEqual(expected),
  );

  test("an ACL that leads back to itself", () => {
    const issues = issuesOf((draft) => {
      draft.acl["admin"] = [{ acl: "local" }];
      draft.acl["local"] = [{ acl: "admin" }];
    });
    expect(issues).toEqual(["error acl-cycle acl.admin null", "error acl-cycle acl.local null"]);
  });

  test("a cycle that only one host closes", () => {
    const issues = issuesOf((draft) => {
      draft.acl["admin"] = [{ acl: "local" }];
      draft.hosts["bix.org"]!.acl = { local: { inherit: "append", any: [{ acl: "admin" }] } };
    });
    expect(issues).toContain('error acl-cycle hosts["bix.org"].acl.local null');
    expect(issues.filter((issue) => issue.includes(" acl."))).toEqual([]);
  });
});

describe("lines", () => {
  test.each<[string, string[], string[]]>([
    ["behind all", ["allow all", "deny user a@b"], ["warning shadowed-line accessRules.local[1] null"]],
    ["behind the ACL all", ["allow acl all", "deny user a@b"], ["warning shadowed-line accessRules.local[1] null"]],
    [
      "behind a weaker line",
      ["deny user a@b", "allow ip ::1 and user a@b"],
      ["warning shadowed-line accessRules.local[1] null"],
    ],
    ["before a weaker line", ["allow ip ::1 and user a@b", "deny user a@b"], []],
    ["behind a wider block", ["deny ip 10.0.0.0/8", "allow ip 10.1.0.0/16"], shadowed(1)],
    ["behind two blocks that have all of it", ["deny ip 10.0.0.0/8,::1", "allow ip 10.1.2.3,::1"], shadowed(1)],
    ["behind a block of the other family", ["deny ip 0.0.0.0/0", "deny ip ::1"], []],
    ["behind the server of a user", ["deny server B.example", "allow user a@b.example"], shadowed(1)],
    ["behind another server", ["deny server b.example", "allow user a@c.example"], []],
    ["behind an ACL that has the user", ["deny acl crowd", "allow user ann@bix.org"], shadowed(1)],
    ["behind an ACL that has another user", ["deny acl crowd", "allow user bob@bix.org"], []],
    ["of an ACL whose members all matched before", ["deny server bix.org", "allow acl crowd"], shadowed(1)],
    ["behind every user of the hosts", ["deny acl local", "allow user bob@bix.org"], shadowed(1)],
    ["behind every user, of another server", ["deny acl local", "allow user bob@far.example"], []],
    ["that never match", ["allow none", "allow all"], ["warning shadowed-line accessRules.local[0] null"]],
    [
      "with a condition that says nothing",
      ["allow all and user a@b"],
      ["warning always-true accessRules.local[0].allow[0] null"],
    ],
    [
      "for IPv4 only",
      ["deny ip 0.0.0.0/0", "allow all"],
      ["warning ipv4-only-deny accessRules.local[0] ip 0.0.0.0/0,::/0"],
    ],
    [
      "for IPv4 only, in halves and with holes",
      ["allow ip 10.0.0.0/8", "deny ip 0.0.0.0/1", "deny ip 128.0.0.0/1", "allow acl local"],
      ["warning ipv4-only-deny accessRules.local[2] ip 0.0.0.0/0,::/0"],
    ],
    [
      "for IPv4 only, through an ACL",
      ["deny acl world", "allow all"],
      ["warning ipv4-only-deny accessRules.local[0] ip 0.0.0.0/0,::/0"],
    ],
    ["for both families", ["deny ip 0.0.0.0/0", "deny ip ::/0", "allow all"], []],
    ["for IPv4, and nothing after it allows", ["allow ip 10.0.0.0/8", "deny ip 0.0.0.0/0"], []],
    ["for some networks", ["deny ip 203.0.113.0/24", "allow all"], []],
  ])("%s", (_, lines, expected) =>
    expect(
      issuesOf((draft) => {
        draft.acl["crowd"] = [{ user: "ann@bix.org" }, { user: "eve@bix.org" }];
        draft.acl["world"] = [{ ip: "0.0.0.0/0" }];
        draft.accessRules["c2s"] = rule("deny ip ::9 and acl crowd", "deny ip ::9 and acl world", "allow all");
        draft.accessRules["local"] = rule(...lines);
      }),
    ).toEqual(expected),
  );

  test("a role's rule that allows everybody", () => {
    const issues = issuesOf((draft) => (draft.accessRules["configure"] = rule("deny user a@bix.org", "allow all")));
    expect(issues).toEqual(["warning role-for-all accessRules.configure[1] null"]);
  });

  test("an ACL that one host gives another meaning shadows nothing for all", () => {
    const issues = issuesOf((draft) => {
      draft.acl["crowd"] = [{ user: "ann@bix.org" }];
      draft.accessRules["local"] = rule("deny acl crowd", "allow user ann@bix.org");
      draft.hosts["bix.org"]!.acl = { crowd: { inherit: "replace", any: [{ user: "bob" }] } };
    });
    expect(issues).toEqual([]);
  });

  test("a thousand lines are looked at while somebody types", () => {
    const lines = Array.from({ length: 1000 }, (_, index) => `allow user u${index}@bix.org and acl crowd`);
    const began = performance.now();
    const issues = issuesOf((draft) => {
      draft.acl["crowd"] = Array.from({ length: 1000 }, (_, index) => ({ user: `u${index}@far.example` }));
      draft.accessRules["local"] = rule(...lines);
    });
    expect(issues).toEqual([]);
    expect(performance.now() - began).toBeLessThan(5_000);
  });

  test("that a host appends behind all", () => {
    const issues = issuesOf((draft) => {
      draft.hosts["bix.org"]!.accessRules = { c2s: { inherit: "append", lines: rule("deny user a@bix.org") } };
    });
    expect(issues).toEqual(['warning shadowed-line hosts["bix.org"].accessRules.c2s.lines[0] null']);
  });
});

describe("registration", () => {
  const issuesOfPolicy = (policy: object): string[] =>
    issuesOf((draft) => (draft.registration = RegistrationPolicy.parse(policy)));

  test("ejabberd's list of 2014 lets IPv6 in", () => {
    const networks = [
      { action: "allow", cidr: "127.0.0.0/8" },
      { action: "deny", cidr: "0.0.0.0/0" },
    ];
    expect(issuesOfPolicy({ networks })).toEqual(["warning ipv4-only-deny registration.networks deny ::/0"]);
    expect(issuesOfPolicy({ networks, defaultIpv6: "deny" })).toEqual([]);
    expect(issuesOfPolicy({ networks: [...networks, { action: "deny", cidr: "::/0" }] })).toEqual([]);
  });

  test("lines that are never reached, and what is no block of addresses", () => {
    const networks = [
      { action: "allow", cidr: "10.0.0.0/8" },
      { action: "deny", cidr: "10.1.0.0/16" },
      { action: "deny", cidr: "10.1" },
    ];
    expect(issuesOfPolicy({ networks })).toEqual([
      "warning shadowed-line registration.networks[1] null",
      "error bad-cidr registration.networks[2] null",
    ]);
  });

  test("watchers are JIDs", () => {
    expect(issuesOfPolicy({ watchers: ["root@bix.org", "@"] })).toEqual([
      "error bad-value registration.watchers[1] null",
    ]);
  });

  test("templates are told apart by their names", () => {
    const templates = ["spam", "name", "spam"].map((name) => ({ name, outcome: "deny", texts: { en: "No." } }));
    expect(issuesOfPolicy({ templates })).toEqual(["error bad-value registration.templates[2].name null"]);
  });
});

describe("modules", () => {
  test("options are checked by whoever knows them, and the place is named", () => {
    const draft = defaultPolicy();
    draft.hosts["bix.org"] = HostPolicy.parse({ modules: { ping: { enabled: true } } });
    draft.modules["ping"] = { enabled: true, options: {} };
    const issue = {
      severity: "error",
      code: "bad-option",
      path: "modules.ping.options",
      message: "",
      suggestion: null,
    } as const;
    expect(lint(draft, () => [issue]).map((one) => one.path)).toEqual([
      'hosts["bix.org"].modules.ping.options',
      "modules.ping.options",
    ]);
  });
});
