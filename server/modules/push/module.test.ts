import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { z } from "zod";
import { ForwardTarget } from "../../../lib/contracts/forward-target.ts";
import { defineModule } from "../../core/module.ts";
import { type TestClient, type TestServer, testServer } from "../../core/testing.ts";
import { StanzaError } from "../../xmpp/errors.ts";
import { NS } from "../../xmpp/namespaces.ts";
import { disco } from "../disco/module.ts";
import { message } from "../message/module.ts";
import { ping } from "../ping.ts";
import { roster } from "../roster/module.ts";
import { push } from "./module.ts";

const juliet = "juliet@capulet.example";
const appServer = "push.client.example";
const asked: unknown[] = [];

/** An app server of the host's own, which knows one node. */
const ownAppServer = defineModule({
  name: "own-app-server",
  summary: "For tests.",
  xeps: [],
  options: z.strictObject({}),
  start(ctx) {
    ctx.service("push.@HOST@", "Push")!.hook("push/enabling", ({ user, node, isEnabled }) => {
      asked.push([user.bare, node, isEnabled]);
      return node === "known" || node === null ? "done" : StanzaError.of("item-not-found");
    });
    ctx.service("rooms.@HOST@", "Rooms");
  },
});

let server: TestServer;
let phone: TestClient;

beforeEach(async () => {
  asked.length = 0;
  server = await testServer({
    modules: [roster, disco, ping, message, push, ownAppServer],
    accounts: [juliet, "romeo@capulet.example"],
    policy: (draft) => {
      draft.forward.targets = {
        named: ForwardTarget.parse({ kind: "xep0357", domains: ["Push.Named.example"] }),
        open: ForwardTarget.parse({ kind: "xep0357" }),
      };
      draft.forward.rules = [];
      draft.modules["push"] = { enabled: true, options: { max_devices: 2, max_options_bytes: 500 } };
    },
  });
  phone = await server.connect(`${juliet}/phone`);
});
afterEach(async () => {
  expect(server.complaints).toEqual([]);
  await server.stop();
});

const of = (user = juliet) => server.stores.devices.of(user);
const options = (secret: string): string =>
  "<x xmlns='jabber:x:data' type='submit'><field var='FORM_TYPE'><value>http://jabber.org/protocol/pubsub#publish-options" +
  `</value></field><field var='secret'><value>${secret}</value></field></x>`;

/** `null`: done; otherwise the condition. */
async function ask(what: "enable" | "disable", attrs: string, payload = "", to = "", client = phone) {
  const address = to === "" ? "" : ` to='${to}'`;
  client.send(`<iq type='set' id='p'${address}><${what} xmlns='urn:xmpp:push:0' ${attrs}>${payload}</${what}></iq>`);
  const [answer] = await client.sync();
  return answer!.type === "result" ? null : answer!.child("error")!.payload!.name;
}

describe("the feature", () => {
  const isOffered = async (): Promise<boolean> => {
    phone.send(`<iq type='get' id='d' to='${juliet}'><query xmlns='${NS.discoInfo}'/></iq>`);
    const [answer] = await phone.sync();
    return answer!.payload!.elements("feature").some((one) => one.attr("var") === "urn:xmpp:push:0");
  };

  test("is the account's while there is a target for it", async () => {
    expect(await isOffered()).toBe(true);
    const change = (edit: Parameters<typeof server.core.policy.change>[1]) =>
      server.core.policy.change({ author: "test", comment: "", audit: null }, edit);
    let kept: typeof server.core.policy.document.forward.targets = {};
    await change((draft) => {
      kept = draft.forward.targets;
      draft.forward.targets = {};
    });
    expect(await isOffered()).toBe(false);
    expect(await ask("enable", `jid='${appServer}' node='n'`)).toBe("service-unavailable");
    await change((draft) => {
      draft.forward.targets = kept;
    });
    expect(await isOffered()).toBe(true);
  });
});

describe("enabling", () => {
  test("keeps what is needed to publish", async () => {
    expect(await ask("enable", `jid='${appServer}' node='n&apos;1'`, options("s"))).toBeNull();
    const [device] = await of();
    expect(device).toMatchObject({
      kind: "xep0357",
      target: "open",
      token: `${appServer} n'1`,
      settings: { appServer: { jid: appServer, node: "n'1" } },
      resource: "phone",
      via: "enable",
      isEnabled: true,
      disabled: null,
    });
    expect(device!.settings.publishOptions).toContain("<value>s</value>");
  });

  test("works without a node, and to the account's own address", async () => {
    expect(await ask("enable", `jid='${appServer}'`, "", juliet)).toBeNull();
    expect((await of())[0]!.settings.appServer).toEqual({ jid: appServer, node: null });
  });

  test("again replaces the options and the client", async () => {
    await ask("enable", `jid='${appServer}' node='n'`, options("old"));
    const [before] = await of();
    await server.stores.devices.disable(before!.id, { at: 1, reason: "refused" });
    const tablet = await server.connect(`${juliet}/tablet`);
    expect(await ask("enable", `jid='${appServer}' node='n'`, options("new"), "", tablet)).toBeNull();
    const devices = await of();
    expect(devices).toHaveLength(1);
    expect(devices[0]).toMatchObject({ id: before!.id, resource: "tablet", disabled: null });
    expect(devices[0]!.settings.publishOptions).toContain("new");
  });

  test("prefers the target that names the domain", async () => {
    await ask("enable", "jid='push.named.example' node='n'");
    expect((await of())[0]!.target).toBe("named");
  });

  test("moves to the target that the policy would choose now", async () => {
    await ask("enable", "jid='push.named.example' node='n'");
    await server.core.policy.change({ author: "test", comment: "", audit: null }, (draft) => {
      delete draft.forward.targets["named"];
    });
    await ask("enable", "jid='push.named.example' node='n'");
    expect((await of()).map(({ target }) => target)).toEqual(["open"]);
  });

  test.each([
    ["without a jid", "node='n'", "", "", "bad-request"],
    ["with a jid that is none", "jid='@' node='n'", "", "", "jid-malformed"],
    ["with a node that is too long", `jid='${appServer}' node='${"n".repeat(1025)}'`, "", "", "policy-violation"],
    ["with too many options", `jid='${appServer}'`, options("s".repeat(500)), "", "policy-violation"],
    ["with a form that is none", `jid='${appServer}'`, "<x xmlns='jabber:x:data' type='nonsense'/>", "", "bad-request"],
    ["for somebody else", `jid='${appServer}'`, "", "romeo@capulet.example", "forbidden"],
  ])("%s is refused", async (_, attrs, payload, to, condition) => {
    expect(await ask("enable", attrs, payload, to)).toBe(condition);
    expect(await of()).toEqual([]);
  });

  test("is refused for a domain that no target admits", async () => {
    await server.core.policy.change({ author: "test", comment: "", audit: null }, (draft) => {
      delete draft.forward.targets["open"];
    });
    expect(await ask("enable", `jid='${appServer}'`)).toBe("not-allowed");
    expect(await ask("enable", "jid='push.named.example'")).toBeNull();
  });

  test("is refused past the limit, but not for what is known", async () => {
    for (const node of ["1", "2"]) expect(await ask("enable", `jid='${appServer}' node='${node}'`)).toBeNull();
    expect(await ask("enable", `jid='${appServer}' node='3'`)).toBe("resource-constraint");
    expect(await ask("enable", `jid='${appServer}' node='2'`)).toBeNull();
    expect(await of()).toHaveLength(2);
  });
});

describe("disabling", () => {
  beforeEach(async () => {
    for (const attrs of [`jid='${appServer}' node='1'`, `jid='${appServer}'`]) await ask("enable", attrs);
  });

  test.each([
    ["one node", `jid='${appServer}' node='1'`, [null]],
    ["all of an app server", `jid='${appServer}'`, []],
    ["what is not there", `jid='${appServer}' node='2'`, ["1", null]],
    ["another app server", "jid='elsewhere.example'", ["1", null]],
  ])("%s", async (_, attrs, left) => {
    expect(await ask("disable", attrs)).toBeNull();
    expect((await of()).map(({ settings }) => settings.appServer?.node)).toEqual(left);
  });

  test("is for the own account only", async () => {
    expect(await ask("disable", `jid='${appServer}'`, "", "romeo@capulet.example")).toBe("forbidden");
    expect(await of()).toHaveLength(2);
  });
});

describe("an app server that is a service here", () => {
  const own = "push.capulet.example";

  test("is asked and needs no registration", async () => {
    expect(await ask("enable", `jid='${own}' node='known'`)).toBeNull();
    expect(await ask("enable", `jid='${own}' node='unknown'`)).toBe("item-not-found");
    expect(await ask("disable", `jid='${own}'`)).toBeNull();
    expect(asked).toEqual([
      [juliet, "known", true],
      [juliet, "unknown", true],
      [juliet, null, false],
    ]);
    expect(await of()).toEqual([]);
  });

  test("unless it is no app server, or an address below it", async () => {
    expect(await ask("enable", "jid='rooms.capulet.example' node='x'")).toBeNull();
    expect(await ask("enable", `jid='a@${own}' node='x'`)).toBeNull();
    expect(asked).toEqual([]);
    expect(await of()).toHaveLength(2);
  });
});

describe("an app server that takes no more", () => {
  // It is played by another account: its address is a full JID.
  const play = async (node: string, affiliation: string, of = juliet): Promise<void> => {
    const romeo = await server.connect("romeo@capulet.example/app");
    romeo.send(
      `<message to='${juliet}'><pubsub xmlns='${NS.pubsub}' node='${node}'>` +
        `<affiliation jid='${of}' affiliation='${affiliation}'/></pubsub></message>`,
    );
    await romeo.sync();
  };

  test.each([
    ["is believed", "n", "none", juliet, true],
    ["has to name the node", "m", "none", juliet, false],
    ["has to mean the account", "n", "none", "nurse@capulet.example", false],
    ["may say something else", "n", "publish-only", juliet, false],
  ])("%s", async (_, node, affiliation, who, isDisabled) => {
    await ask("enable", "jid='romeo@capulet.example/app' node='n'");
    await play(node, affiliation, who);
    expect((await of())[0]!.disabled !== null).toBe(isDisabled);
  });

  test("says it about its own nodes only", async () => {
    await ask("enable", `jid='${appServer}' node='n'`);
    await play("n", "none");
    expect((await of())[0]!.disabled).toBeNull();
  });
});
