import { expect, test } from "vitest";
import { parseLine } from "../../../lib/contracts/policy-text.ts";
import { HostPolicy, type Policy } from "../../../lib/contracts/policy.ts";
import { Jid } from "../../xmpp/jid.ts";
import { defaultPolicy } from "./default.ts";
import { Engine } from "./engine.ts";
import { Impact } from "./impact.ts";
import type { Compiled } from "./roles.ts";

function documentOf(edit: (draft: Policy) => void): Compiled {
  const document = defaultPolicy();
  document.hosts["bix.org"] = HostPolicy.parse({});
  document.hosts["own.org"] = HostPolicy.parse({ acl: { crowd: { inherit: "append", any: [{ user: "cat" }] } } });
  document.acl["crowd"] = [{ user: "ann" }];
  document.acl["friends"] = [{ acl: "crowd" }];
  document.accessRules["party"] = [parseLine("allow acl friends")];
  edit(document);
  return { document, engine: new Engine(document) };
}

const people = ["ann@bix.org", "bob@bix.org", "cat@own.org", "dan@own.org"].map((jid) => Jid.parse(jid));

/** Rules that change for somebody: `rule +gain -lose`. */
function changes(edit: (draft: Policy) => void): string[] {
  const impact = new Impact(
    documentOf(() => undefined),
    documentOf(edit),
  );
  for (const jid of people) impact.account(jid);
  return impact
    .result()
    .map(({ rule, gain, lose }) =>
      [rule, ...gain.samples.map((jid) => `+${jid}`), ...lose.samples.map((jid) => `-${jid}`)].join(" "),
    );
}

test.each<[string, (draft: Policy) => void, string[]]>([
  ["nothing", () => undefined, []],
  ["what no access rule comes from", (draft) => void (draft.shapers["slow"] = { rate: 256, burst: 256 }), []],
  [
    "a line of a rule",
    (draft) => void draft.accessRules["c2s"]!.unshift(parseLine("deny user bob")),
    ["c2s -bob@bix.org"],
  ],
  [
    "an ACL two steps behind a rule",
    (draft) => void (draft.acl["crowd"] = [{ user: "bob" }]),
    ["party +bob@bix.org -ann@bix.org"],
  ],
  [
    "an ACL on one host",
    (draft) => void (draft.hosts["own.org"]!.acl["crowd"] = { inherit: "replace", any: [{ user: "dan" }] }),
    ["party +dan@own.org -cat@own.org"],
  ],
  ["a rule that goes", (draft) => void delete draft.accessRules["party"], ["party -ann@bix.org -cat@own.org"]],
  [
    "a line that says the same in other words",
    (draft) => void (draft.accessRules["party"] = [parseLine("allow acl friends and all")]),
    ["party"],
  ],
])("%s", (_, edit, expected) => expect(changes(edit)).toEqual(expected));

test("a host that goes may change every rule", () => {
  const found = changes((draft) => void delete draft.hosts["own.org"]);
  expect(found.filter((one) => one.includes("-"))).toEqual(["local -cat@own.org -dan@own.org", "party -cat@own.org"]);
});

test("sessions are asked with their address, and only five of many are named", () => {
  const impact = new Impact(
    documentOf(() => undefined),
    documentOf((draft) => void draft.accessRules["c2s"]!.unshift(parseLine("deny ip 203.0.113.0/24"))),
  );
  for (let index = 0; index < 8; index += 1) {
    const jid = Jid.parse(`u${index}@bix.org/phone`);
    impact.account(jid);
    impact.session({ jid, ip: index === 0 ? "192.0.2.1" : "203.0.113.7", host: "bix.org" });
  }
  const [c2s] = impact.result();
  expect(c2s).toMatchObject({
    gain: { count: 0 },
    lose: { count: 0 },
    online: { gain: { count: 0 }, lose: { count: 7 } },
  });
  expect(c2s?.online.lose.samples).toEqual([1, 2, 3, 4, 5].map((index) => `u${index}@bix.org/phone`));
});
