import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { z } from "zod";
import { defineModule } from "../../core/module.ts";
import { type TestClient, type TestServer, testServer } from "../../core/testing.ts";
import { buildForm } from "../../xmpp/forms.ts";
import { NS } from "../../xmpp/namespaces.ts";
import { disco } from "../disco/module.ts";
import { ping } from "../ping.ts";
import { adhoc } from "./module.ts";

/** Two questions, then the answer; and one that only Juliet may run. */
const steward = defineModule({
  name: "steward",
  summary: "For tests.",
  xeps: [],
  options: z.strictObject({}),
  start(ctx) {
    ctx.command({
      node: "greet",
      name: "Greet somebody",
      mayRun: () => true,
      run(stages) {
        const [who, how] = stages.map(({ values }) => values.get("answer")?.[0] ?? "");
        if (who === undefined)
          return { kind: "form", form: buildForm("form", [{ var: "answer" }], { title: "Who?" }), isLast: false };
        if (how === undefined)
          return {
            kind: "form",
            form: buildForm("form", [{ var: "answer" }], { title: `How, ${who}?` }),
            isLast: true,
          };
        return { kind: "completed", note: { type: "info", text: `${how}, ${who}` } };
      },
    });
    ctx.command({
      node: "secret",
      name: "Secret",
      mayRun: ({ from }) => from.local === "juliet",
      run: () => ({ kind: "completed" }),
    });
    ctx.service("butler.@HOST@", "Butler")!.command({
      node: "bow",
      name: "Bow",
      mayRun: () => Promise.resolve(true),
      run: () => ({ kind: "completed", form: buildForm("result", [{ var: "done", values: ["yes"] }]) }),
    });
  },
});

let server: TestServer;
let romeo: TestClient;
const host = "montague.example";

beforeEach(async () => {
  server = await testServer({
    modules: [disco, adhoc, ping, steward],
    accounts: [`romeo@${host}`, `juliet@${host}`],
  });
  romeo = await server.connect(`romeo@${host}/orchard`);
});
afterEach(async () => {
  expect(server.complaints).toEqual([]);
  await server.stop();
});

const submit = (text: string): string =>
  `<x xmlns='jabber:x:data' type='submit'><field var='answer'><value>${text}</value></field></x>`;

async function run(attrs: string, payload = "", client = romeo, to = host) {
  client.send(`<iq type='set' id='c' to='${to}'><command xmlns='${NS.commands}' ${attrs}>${payload}</command></iq>`);
  const [answer] = await client.sync();
  const command = answer!.child("command", NS.commands);
  const error = answer!.child("error");
  return {
    status: command?.attr("status"),
    session: command?.attr("sessionid") ?? "",
    actions: command
      ?.child("actions")
      ?.elements()
      .map(({ name }) => name),
    title: command?.child("x", NS.forms)?.childText("title"),
    note: command?.childText("note"),
    error: error?.elements().map(({ name }) => name),
    type: error?.attr("type"),
  };
}

async function discovered(what: "info" | "items", node: string, to = host, client = romeo) {
  client.send(
    `<iq type='get' id='d' to='${to}'><query xmlns='http://jabber.org/protocol/disco#${what}' node='${node}'/></iq>`,
  );
  const [answer] = await client.sync();
  const error = answer!.child("error")?.payload?.name;
  return error ?? answer!.payload!.elements().map((one) => one.attr("node") ?? one.attr("type") ?? one.attr("var"));
}

describe("what there is", () => {
  test.each([
    ["the host's, for whom they are", host, ["greet"]],
    ["a service's", `butler.${host}`, ["bow"]],
    ["the host's, asked of the own account", `romeo@${host}`, ["greet"]],
  ])("%s", async (_, to, nodes) => {
    expect(await discovered("items", NS.commands, to)).toEqual(nodes);
  });

  test("more for somebody who may run more", async () => {
    const juliet = await server.connect(`juliet@${host}/balcony`);
    expect(await discovered("items", NS.commands, host, juliet)).toEqual(["greet", "secret"]);
  });

  test("of one command", async () => {
    expect(await discovered("info", "greet")).toEqual(["command-node", NS.commands, NS.forms]);
    expect(await discovered("info", NS.commands)).toEqual(["command-list"]);
    expect(await discovered("info", "secret")).toBe("forbidden");
    expect(await discovered("info", "nothing")).toBe("item-not-found");
    expect(await discovered("items", "greet")).toEqual([]);
  });
});

test("one stage", async () => {
  expect(await run("node='bow' action='execute'", "", romeo, `butler.${host}`)).toMatchObject({ status: "completed" });
});

test("the server's, by way of the own account, and of nobody else's", async () => {
  expect(await run("node='greet'", "", romeo, `romeo@${host}`)).toMatchObject({ status: "executing" });
  for (const name of ["juliet", "nobody"])
    expect(await run("node='greet'", "", romeo, `${name}@${host}`)).toMatchObject({ error: ["service-unavailable"] });
});

test("stages forward and back", async () => {
  const first = await run("node='greet'");
  expect(first).toMatchObject({ status: "executing", actions: ["next"], title: "Who?" });
  const at = `node='greet' sessionid='${first.session}'`;
  const second = await run(at, submit("Juliet"));
  expect(second).toMatchObject({ status: "executing", actions: ["prev", "complete"], title: "How, Juliet?" });
  expect(second.session).toBe(first.session);
  expect(await run(`${at} action='prev'`)).toMatchObject({ title: "Who?", actions: ["next"] });
  expect(await run(`${at} action='next'`, submit("Nurse"))).toMatchObject({ title: "How, Nurse?" });
  expect(await run(`${at} action='complete'`, submit("Farewell"))).toMatchObject({
    status: "completed",
    note: "Farewell, Nurse",
  });
  expect(await run(at, submit("again"))).toMatchObject({ error: ["not-allowed", "session-expired"], type: "cancel" });
});

test("a form with the first request answers the first stage", async () => {
  expect(await run("node='greet' action='execute'", submit("Juliet"))).toMatchObject({ title: "How, Juliet?" });
});

test("cancelled", async () => {
  const { session } = await run("node='greet'");
  expect(await run(`node='greet' sessionid='${session}' action='cancel'`)).toMatchObject({
    status: "canceled",
    session,
  });
  expect(await run(`node='greet' sessionid='${session}'`)).toMatchObject({ error: ["not-allowed", "session-expired"] });
});

test.each([
  ["an unknown command", "node='nothing'", "", ["item-not-found"], "cancel"],
  ["a command for others", "node='secret'", "", ["forbidden"], "cancel"],
  ["an unknown action", "node='greet' action='dance'", "", ["bad-request", "malformed-action"], "modify"],
  ["back from the beginning", "node='greet' action='prev'", "", ["bad-request", "bad-action"], "modify"],
  ["an unknown session", "node='greet' sessionid='x'", "", ["not-allowed", "session-expired"], "cancel"],
  ["cancelling nothing", "node='greet' action='cancel'", "", ["bad-request", "bad-sessionid"], "modify"],
  [
    "a form that is none to submit",
    "node='greet'",
    "<x xmlns='jabber:x:data' type='form'/>",
    ["bad-request", "bad-payload"],
    "modify",
  ],
])("%s", async (_, attrs, payload, error, type) => {
  expect(await run(attrs, payload)).toMatchObject({ error, type });
});

describe("a session", () => {
  test.each([
    ["complete at a stage that is not the last", "complete", ["bad-request", "bad-action"]],
    ["no form", "next", ["bad-request", "bad-payload"]],
  ])("refuses %s and goes on", async (_, action, error) => {
    const { session } = await run("node='greet'");
    expect(await run(`node='greet' sessionid='${session}' action='${action}'`)).toMatchObject({ error });
    expect(await run(`node='greet' sessionid='${session}'`, submit("Juliet"))).toMatchObject({ title: "How, Juliet?" });
  });

  test("is its requester's alone, and its command's", async () => {
    const { session } = await run("node='greet'");
    const other = await server.connect(`romeo@${host}/balcony`);
    expect(await run(`node='greet' sessionid='${session}'`, submit("x"), other)).toMatchObject({
      error: ["not-allowed", "session-expired"],
    });
    expect(await run(`node='bow' sessionid='${session}'`, submit("x"), romeo, `butler.${host}`)).toMatchObject({
      error: ["not-allowed", "session-expired"],
    });
  });

  test("ends after ten minutes", async () => {
    const { session } = await run("node='greet'");
    server.clock.advance(10 * 60_000);
    expect(await run(`node='greet' sessionid='${session}'`, submit("x"))).toMatchObject({
      error: ["not-allowed", "session-expired"],
    });
  });

  test("is forgotten when its requester begins ten more", async () => {
    const { session } = await run("node='greet'");
    for (let count = 0; count < 10; count += 1) await run("node='greet'");
    expect(await run(`node='greet' sessionid='${session}'`, submit("x"))).toMatchObject({
      error: ["not-allowed", "session-expired"],
    });
  });
});
