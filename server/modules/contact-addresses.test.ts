import { afterEach, expect, test } from "vitest";
import { type TestServer, testServer } from "../core/testing.ts";
import { NS } from "../xmpp/namespaces.ts";
import { contactAddresses } from "./contact-addresses.ts";
import { capsVersion } from "./disco/caps.ts";
import { disco } from "./disco/module.ts";

let server: TestServer;

afterEach(async () => {
  expect(server.complaints).toEqual([]);
  await server.stop();
});

async function start(options: Record<string, unknown>): Promise<void> {
  server = await testServer({
    modules: [disco, contactAddresses],
    accounts: ["romeo@montague.example"],
    policy(draft) {
      draft.modules["contact-addresses"] = { enabled: true, options };
    },
  });
}

async function info(): Promise<string> {
  const romeo = await server.connect("romeo@montague.example/orchard");
  romeo.send(`<iq type='get' id='d' to='montague.example'><query xmlns='${NS.discoInfo}'/></iq>`);
  const [answer] = await romeo.sync();
  return String(answer!.payload);
}

const value = (text: string): string => `<value>${text}</value>`;

test("what the operator named is in the server's disco#info, and in its hash", async () => {
  await start({
    abuse: ["mailto:abuse@montague.example", "xmpp:abuse@montague.example"],
    support: ["https://a.example/"],
  });
  expect(await info()).toContain(
    "<x xmlns='jabber:x:data' type='result'>" +
      `<field var='FORM_TYPE' type='hidden'>${value("http://jabber.org/network/serverinfo")}</field>` +
      `<field var='abuse-addresses' type='list-multi'>${value("mailto:abuse@montague.example")}${value("xmpp:abuse@montague.example")}</field>` +
      `<field var='support-addresses' type='list-multi'>${value("https://a.example/")}</field></x>`,
  );
  const host = server.core.hosts.get("montague.example")!;
  const before = capsVersion(host);
  await server.core.policy.change({ author: "test", comment: "", audit: null, force: true }, (draft) => {
    draft.modules["contact-addresses"] = { enabled: false, options: {} };
  });
  await expect.poll(() => capsVersion(host)).not.toBe(before);
});

test("without any there is no form", async () => {
  await start({});
  expect(await info()).not.toContain("jabber:x:data");
});

test.each(["abuse@montague.example", "mailto:a<b@montague.example", "javascript:alert(1)"])(
  "%s is no address",
  (wrong) => {
    expect(contactAddresses.options.safeParse({ abuse: [wrong] }).success).toBe(false);
  },
);
