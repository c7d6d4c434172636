import { afterEach, beforeEach, expect, test } from "vitest";
import { z } from "zod";
import { defineModule } from "./module.ts";
import { type TestServer, testServer } from "./testing.ts";

const NS_WORK = "urn:test:work";
let server: TestServer;
let begin: () => void;
/** In which turn of the event loop each long piece of work was done. */
let doneIn: number[];
let turn: number;
let ticking: NodeJS.Immediate;

const work = defineModule({
  name: "work",
  summary: "Keeps the server busy.",
  xeps: [],
  options: z.strictObject({}),
  start(ctx) {
    ctx.iq("host", "get", [NS_WORK, "wait"], async () => {
      await new Promise<void>((resolve) => {
        begin = resolve;
      });
      return null;
    });
    ctx.iq("host", "get", [NS_WORK, "long"], () => {
      for (const end = performance.now() + 6; performance.now() < end;);
      doneIn.push(turn);
      return null;
    });
  },
});

beforeEach(async () => {
  doneIn = [];
  turn = 0;
  server = await testServer({ modules: [work], accounts: ["romeo@localhost"] });
  const tick = (): void => {
    turn += 1;
    ticking = setImmediate(tick);
  };
  ticking = setImmediate(tick);
});
afterEach(async () => {
  clearImmediate(ticking);
  await server.stop();
});

test("what waited for an earlier stanza is not all done in one turn: others come first", async () => {
  const romeo = await server.connect("romeo@localhost/orchard");
  const ask = (name: string, id: number): void =>
    romeo.send(`<iq type='get' id='${id}' to='localhost'><${name} xmlns='${NS_WORK}'/></iq>`);
  ask("wait", 0);
  for (let id = 1; id <= 4; id += 1) ask("long", id);
  expect(doneIn).toEqual([]);
  begin();
  await romeo.take(5);
  expect(new Set(doneIn).size).toBe(4);
});
