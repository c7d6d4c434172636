import { describe, expect, test } from "vitest";
import { ForwardPolicy, type MessageClass } from "../../../lib/contracts/forward-policy.ts";
import { Jid } from "../../xmpp/jid.ts";
import { Stanza } from "../../xmpp/stanza.ts";
import { HostRules } from "./compile.ts";

const juliet = Jid.parse("juliet@example.org");
const url = "https://example.org/hook";

interface Asked {
  readonly class?: MessageClass;
  readonly from?: string;
  readonly user?: string;
  readonly content?: string;
}

function compiled(rules: readonly object[], targets: Readonly<Record<string, object>> = {}) {
  const faults: string[] = [];
  const all = { a: { url }, b: { url }, c: { url }, ...targets };
  const forward = ForwardPolicy.parse({ targets: all, rules: rules.map((rule, n) => ({ name: `r${n}`, ...rule })) });
  const host = new HostRules("example.org", forward, {
    matchesAcl: (name, jid) => name === "friends" && jid.bare === "mercutio@example.org",
    onFault: (rule, detail) => faults.push(`${rule}: ${detail}`),
  });
  const occasion = ({ class: kind = "chat", from = "romeo@example.net/orchard", user, content = "" }: Asked = {}) => ({
    class: kind,
    stanza: Stanza.parse(`<message type='chat'><body>hi</body>${content}</message>`),
    from: Jid.parse(from),
    to: juliet,
    user: user === undefined ? juliet : Jid.parse(user),
    at: 0,
  });
  return {
    host,
    faults,
    chosen: (asked?: Asked): string[] => host.choose(occasion(asked)).map(({ name, rule }) => `${name} by ${rule}`),
    explained: (asked?: Asked) => host.explain(occasion(asked)),
  };
}

const encrypted = "<encrypted xmlns='urn:xmpp:omemo:2'/>";
const hint = (name: string): string => `<${name} xmlns='urn:xmpp:hints'/>`;

describe("conditions, each alone", () => {
  const table: readonly [condition: object, asked: Asked, matches: boolean, reason?: string][] = [
    [{}, {}, true],
    [{ enabled: false }, {}, false, "it is switched off"],
    [{ hosts: ["example.net"] }, {}, false, "it is not for example.org"],
    [{ hosts: ["example.net", "example.org"] }, {}, true],
    [{ classes: ["normal"] }, {}, false, "it is not about the class chat"],
    [{ classes: ["call", "subscription"] }, { class: "call" }, true],
    [{ classes: ["groupchat"] }, { class: "mention" }, true],
    [{ classes: ["mention"] }, { class: "groupchat" }, false, "it is not about the class groupchat"],
    [{ senders: ["romeo@example.net"] }, {}, true],
    [{ senders: ["Romeo@EXAMPLE.net"] }, {}, true],
    [{ senders: ["benvolio@example.net"] }, {}, false, "romeo@example.net is none of its senders"],
    [{ senders: ["example.net"] }, {}, true],
    [{ senders: ["example.net"] }, { from: "example.net" }, true],
    [{ senders: ["*@example.net"] }, {}, true],
    [{ senders: ["*@example.net"] }, { from: "example.net" }, false],
    [{ senders: ["net"] }, {}, false],
    [{ senders: ["acl:friends"] }, {}, false],
    [{ senders: ["acl:friends"] }, { from: "mercutio@example.org/x" }, true],
    [{ senders: ["acl:enemies"] }, { from: "mercutio@example.org/x" }, false],
    [{ senders: ["not a jid@@"] }, {}, false],
    [{ senders: ["x@y", "acl:friends", "example.net"] }, {}, true],
    [{ recipients: ["juliet@example.org"] }, {}, true],
    [{ recipients: ["nurse@example.org"] }, {}, false, "juliet@example.org is none of its recipients"],
    [{ recipients: ["nurse@example.org"] }, { user: "nurse@example.org" }, true],
    [{ encrypted: "only" }, {}, false, "the message is not encrypted"],
    [{ encrypted: "only" }, { content: encrypted }, true],
    [{ encrypted: "never" }, {}, true],
    [{ encrypted: "never" }, { content: encrypted }, false, "the message is encrypted"],
    [{ hints: ["store", "no-copy"] }, {}, false, "the message has no hint store or no-copy"],
    [{ hints: ["store", "no-copy"] }, { content: hint("no-copy") }, true],
    [{ expression: "message.body == 'hi'" }, {}, true],
    [{ expression: "message.body == 'ho'" }, {}, false, "its expression is false for this message"],
    [{ expression: "message.body +" }, {}, false, "its expression has no answer for this message: it cannot be read"],
  ];
  test.for(table)("%j asked about %j: %s", ([condition, asked, matches, reason]) => {
    const { chosen, explained } = compiled([{ targets: ["a"], ...condition }]);
    expect(chosen(asked)).toEqual(matches ? ["a by r0"] : []);
    const { choices, trace } = explained(asked);
    expect(choices.map(({ name }) => name)).toEqual(matches ? ["a"] : []);
    expect(trace.rules).toMatchObject([{ name: "r0", matched: matches }]);
    if (matches) expect(trace.rules[0]!.reason).toBe("every condition holds");
    if (reason !== undefined) expect(trace.rules[0]!.reason).toBe(reason);
  });

  test("every combination: a rule matches exactly when each of its conditions does", () => {
    const conditions: readonly [object, object][] = [
      [{ hosts: ["example.org"] }, { hosts: ["example.net"] }],
      [{ classes: ["chat"] }, { classes: ["call"] }],
      [{ senders: ["example.net"] }, { senders: ["example.com"] }],
      [{ recipients: ["*@example.org"] }, { recipients: ["*@example.com"] }],
      [{ encrypted: "never" }, { encrypted: "only" }],
      [{ hints: ["store"] }, { hints: ["no-copy"] }],
      [{ expression: "true" }, { expression: "false" }],
    ];
    for (let mask = 0; mask < 2 ** conditions.length; mask += 1) {
      const rule = Object.assign({}, ...conditions.map(([yes, no], bit) => ((mask >> bit) & 1 ? no : yes))) as object;
      const { chosen } = compiled([{ targets: ["a"], ...rule }]);
      expect(chosen({ content: hint("store") }), JSON.stringify(rule)).toHaveLength(mask === 0 ? 1 : 0);
    }
  });
});

describe("order", () => {
  test("each target once, by the first rule that names it", () => {
    const { chosen } = compiled([{ targets: ["b", "a", "b"] }, { targets: ["a", "c"] }]);
    expect(chosen()).toEqual(["b by r0", "a by r0", "c by r1"]);
  });

  test("a last rule ends the list, if it matches", () => {
    const rules = [{ targets: ["a"] }, { targets: [], senders: ["example.net"], last: true }, { targets: ["b"] }];
    const { chosen, explained } = compiled(rules);
    expect(chosen()).toEqual(["a by r0"]);
    expect(chosen({ from: "x@example.com" })).toEqual(["a by r0", "b by r2"]);
    expect(explained().trace.rules[2]).toEqual({ name: "r2", matched: false, reason: "r1 matched and is the last" });
  });

  test("targets named in vain", () => {
    const rules = [{ targets: ["a", "constructor", "d"] }];
    const { chosen, explained } = compiled(rules, { d: { url, draining: true }, a: { url, paused: true } });
    // What is paused takes events: they wait.
    expect(chosen()).toEqual(["a by r0"]);
    expect(explained().trace.skipped).toEqual([
      { target: "constructor", reason: "there is no such target" },
      { target: "d", reason: "it is being drained" },
    ]);
  });
});

describe("how", () => {
  const apns = { kind: "apns", key: "k", keyId: "ABCDEFGHIJ", teamId: "KLMNOPQRST", topic: "org.example" };

  test("cancelled by what is usual for the kind, or what the rule says; the shorter time to live; the delay", () => {
    const targets = { phone: { ...apns, ttlSeconds: 600 } };
    const more = { cancelOn: "online", delaySeconds: 30, ttlSeconds: 3600 };
    const rules = [{ targets: ["a", "phone"] }, { targets: ["b"], ...more }, { targets: ["c"], cancelOn: "never" }];
    const { explained, host } = compiled(rules, targets);
    const of = explained().choices.map(({ name, cancelOn, delayMs, ttlMs }) => [name, cancelOn, delayMs, ttlMs]);
    expect(of).toEqual([
      ["a", "never", 0, 259_200_000],
      ["phone", "read", 0, 600_000],
      ["b", "online", 30_000, 3_600_000],
      ["c", "never", 0, 259_200_000],
    ]);
    expect(host.ignores("chat")).toBe(false);
    expect(host.ignores("call")).toBe(true);
  });
});

describe("expressions without an answer", () => {
  test("do not match, and are told of when a message is really planned", () => {
    const { chosen, explained, faults } = compiled([{ targets: ["a"], expression: "message.thread > 3" }]);
    const content = "<thread>t</thread>";
    expect(explained({ content }).trace.rules[0]!.reason).toContain("has no answer for this message: no such overload");
    expect(faults).toEqual([]);
    expect(chosen({ content })).toEqual([]);
    expect(faults).toEqual(["r0: no such overload: dyn<string> > int"]);
  });

  test("are no fault when the message lacks what they ask about", () => {
    const { chosen, faults } = compiled([{ targets: ["a"], expression: "message.body.contains('x')" }]);
    expect(chosen({ content: encrypted })).toEqual([]);
    expect(faults).toEqual([]);
  });
});
