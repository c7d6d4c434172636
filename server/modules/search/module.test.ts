import { afterEach, beforeEach, expect, test } from "vitest";
import { type TestClient, type TestServer, testServer } from "../../core/testing.ts";
import { buildForm } from "../../xmpp/forms.ts";
import { disco } from "../disco/module.ts";
import { vcard } from "../vcard.ts";
import { NS_SEARCH } from "./form.ts";
import { search } from "./module.ts";

const host = "montague.example";
const service = `vjud.${host}`;
let server: TestServer;
let romeo: TestClient;

const card = (given: string, family: string, more = "<CLASS><PUBLIC/></CLASS>"): string =>
  `<vCard xmlns='vcard-temp'><N><FAMILY>${family}</FAMILY><GIVEN>${given}</GIVEN></N><NICKNAME>${given}y</NICKNAME><EMAIL><USERID>${given}@mail.example</USERID></EMAIL>${more}</vCard>`;

beforeEach(async () => {
  server = await testServer({
    modules: [disco, vcard],
    accounts: ["romeo", "juliet", "tybalt", "nurse"].map((name) => `${name}@${host}`),
  });
  const { personal } = server.stores;
  await personal.setVcard(host, "juliet", card("Juliet", "Capulet"));
  await personal.setVcard(host, "tybalt", card("Tybalt", "de Capulet"));
  await personal.setVcard(host, "nurse", card("Nurse", "Capulet", ""));
});
afterEach(async () => {
  expect(server.complaints).toEqual([]);
  await server.stop();
});

async function start(options: Record<string, unknown> = {}): Promise<void> {
  const accounts = ["romeo", "juliet", "tybalt", "nurse"].map((name) => `${name}@${host}`);
  const cards = await Promise.all(
    ["juliet", "tybalt", "nurse"].map((name) => server.stores.personal.vcard(host, name)),
  );
  await server.stop();
  server = await testServer({
    modules: [disco, vcard, search],
    accounts,
    policy(draft) {
      draft.modules["search"] = { enabled: true, options };
    },
  });
  romeo = await server.connect(`romeo@${host}/x`);
  const clients = await Promise.all(["juliet", "tybalt", "nurse"].map((name) => server.connect(`${name}@${host}/x`)));
  for (const [index, client] of clients.entries()) {
    client.send(`<iq type='set' id='v'>${cards[index]}</iq>`);
    await client.sync();
  }
}
async function find(query: string): Promise<string> {
  romeo.send(`<iq type='set' id='s' to='${service}'><query xmlns='${NS_SEARCH}'>${query}</query></iq>`);
  return String((await romeo.sync()).find(({ id }) => id === "s"));
}
const names = (answer: string): string[] => [...answer.matchAll(/jid='(\w+)@/g)].map(([, name]) => name!);

test("it is off unless somebody switches it on", async () => {
  await server.stop();
  server = await testServer({ modules: [disco, vcard, search], accounts: [`romeo@${host}`] });
  romeo = await server.connect(`romeo@${host}/x`);
  romeo.send(`<iq type='get' id='s' to='${service}'><query xmlns='${NS_SEARCH}'/></iq>`);
  expect(String((await romeo.sync())[0])).toContain("remote-server-not-found");
});

test("those who let themselves be found are, by the beginnings of words", async () => {
  await start();
  expect(names(await find("<last>CAP</last>"))).toEqual(["juliet", "tybalt"]);
  expect(names(await find("<last>cap*</last><first>Ju</first>"))).toEqual(["juliet"]);
  expect(names(await find("<last>apulet</last>"))).toEqual([]);
  expect(await find("<nick>Juliety</nick>")).toContain("<nick>Juliety</nick>");
  expect(await find("<last>Capulet</last>")).not.toContain("mail.example");
});

test("the form asks and answers", async () => {
  await start({ fields: ["first", "email"], listed: "everybody" });
  romeo.send(`<iq type='get' id='s' to='${service}'><query xmlns='${NS_SEARCH}'/></iq>`);
  const asked = String((await romeo.sync())[0]);
  expect(asked).toContain("<first/>");
  expect(asked).not.toContain("<last/>");
  const form = buildForm("submit", [{ var: "email", values: ["nurse@mail"] }], { formType: NS_SEARCH });
  const answer = await find(String(form));
  expect(answer).toContain(`<value>nurse@${host}</value>`);
  expect(answer).not.toContain("Capulet");
});

test("a search for one letter is refused", async () => {
  await start();
  expect(await find("<last>C</last>")).toContain("<not-acceptable ");
});

test.each([
  ["nothing", ""],
  ["a field that is not searched", "<email>nurse@mail</email>"],
  ["nothing, by form", String(buildForm("submit", [], { formType: NS_SEARCH }))],
])("a search for %s finds nobody (XEP-0055 2.1)", async (_, query) => {
  await start();
  const answer = await find(query);
  expect(answer).toContain("type='result'");
  expect(answer).not.toContain("<item");
});

test("answers and searches are bounded", async () => {
  await start({ max_results: 1, max_searches_per_minute: 2 });
  expect(names(await find("<last>cap</last>"))).toHaveLength(1);
  await find("<last>cap</last>");
  expect(await find("<last>cap</last>")).toContain("resource-constraint");
});

test("a card that is changed or made private is followed", async () => {
  await start();
  const juliet = await server.connect(`juliet@${host}/y`);
  juliet.send(`<iq type='set' id='v'>${card("Julia", "Montague")}</iq>`);
  await juliet.sync();
  expect(names(await find("<last>cap</last>"))).toEqual(["tybalt"]);
  expect(names(await find("<last>mon</last>"))).toEqual(["juliet"]);
  juliet.send(`<iq type='set' id='v'>${card("Julia", "Montague", "")}</iq>`);
  await juliet.sync();
  expect(names(await find("<last>mon</last>"))).toEqual([]);
});

test("cards from before the module ran are found as well", async () => {
  await start();
  await server.stores.personal.setVcard(host, "romeo", card("Romeo", "Montague"));
  const { policy } = server.core;
  for (const enabled of [false, true]) {
    await policy.change({ author: "t", comment: "", audit: null }, (draft) => {
      draft.modules["search"] = { enabled, options: {} };
    });
    await server.loader.apply(policy.document);
  }
  await expect
    .poll(async () => server.stores.directory.find(host, [{ field: "last", prefix: "mon" }], 5))
    .toHaveLength(1);
});
