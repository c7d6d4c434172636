import { expect, onTestFinished, test } from "vitest";
import { testServer } from "../core/testing.ts";
import { time } from "./time.ts";
import { version } from "./version.ts";

test.each([
  [{}, ["name", "version"]],
  [{ show_os: true }, ["name", "version", "os"]],
])("with %j it tells %j", async (options, told) => {
  const server = await testServer({
    modules: [version],
    accounts: ["romeo@montague.example"],
    policy(draft) {
      draft.modules["version"] = { enabled: true, options };
    },
  });
  onTestFinished(() => server.stop());
  const romeo = await server.connect("romeo@montague.example/orchard");
  romeo.send("<iq type='get' id='v' to='montague.example'><query xmlns='jabber:iq:version'/></iq>");
  const [answer] = await romeo.sync();
  expect(answer!.payload?.elements().map((element) => element.name)).toEqual(told);
  expect(answer!.payload?.childText("version")).toBe("0.0.0-test");
});

test("the time", async () => {
  const server = await testServer({ modules: [time], accounts: ["romeo@montague.example"] });
  onTestFinished(() => server.stop());
  const romeo = await server.connect("romeo@montague.example/orchard");
  romeo.send("<iq type='get' id='t' to='montague.example'><time xmlns='urn:xmpp:time'/></iq>");
  await romeo.expect(
    `<iq type='result' id='t' from='montague.example' to='${romeo.jid}'>` +
      "<time xmlns='urn:xmpp:time'><tzo>+00:00</tzo><utc>2026-01-01T00:00:00Z</utc></time></iq>",
  );
});
