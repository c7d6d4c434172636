import { afterEach, beforeEach, expect, test } from "vitest";
import { z } from "zod";
import { defineModule } from "../../core/module.ts";
import { serverOrigin } from "../../core/router.ts";
import type { TestServer } from "../../core/testing.ts";
import { roomServicesOf } from "../../features/room-services.ts";
import { Stanza } from "../../xmpp/stanza.ts";
import { coven, founded, service, witches } from "./testing.ts";

const occupants = 10_000;
const ns = "http://jabber.org/protocol/muc";

let server: TestServer;
let presences = 0;
let heard = 0;

/** People of a domain of its own: what they are sent is counted, not kept. */
const people = defineModule({
  name: "people",
  summary: "",
  xeps: [],
  options: z.strictObject({}),
  start(ctx) {
    ctx.service("people.@HOST@", "")?.hook("stanza/service", ({ stanza }) => {
      if (stanza.kind === "presence") presences += 1;
      else if (stanza.has("body")) heard += 1;
      return "handled";
    });
  },
});

beforeEach(async () => {
  presences = 0;
  heard = 0;
  server = await witches({ max_occupants: 20_000 }, { modules: [people] });
});
afterEach(async () => {
  expect(server.complaints).toEqual([]);
  await server.stop();
});

test("10,000 enter a room at once, hear what is said, and leave", { timeout: 120_000 }, async () => {
  const crone = await founded(server, { "muc#roomconfig_persistentroom": "1" });
  const all = async (text: (from: string, to: string) => string): Promise<void> => {
    const pending = Array.from({ length: occupants }, (_, n) => {
      const stanza = Stanza.parse(text(`p${n}@people.macbeth.example/r`, `${coven}/p${n}`));
      return Promise.resolve(server.core.router.send(stanza, serverOrigin));
    });
    await Promise.all(pending);
  };
  const there = (): number | undefined => roomServicesOf(server.core).get(service)!.occupied().get("coven");
  const patience = { timeout: 30_000 };

  await all((from, to) => `<presence from='${from}' to='${to}'><x xmlns='${ns}'/></presence>`);
  await expect.poll(there, patience).toBe(occupants + 1);
  // Those who came while few were there are told of each other; of those after them only moderators are.
  expect(presences).toBeLessThan(2 * 1000 * 1000);
  crone.send(`<message type='groupchat' to='${coven}'><body>hail</body></message>`);
  await expect.poll(() => heard, patience).toBe(occupants);
  await all((from, to) => `<presence type='unavailable' from='${from}' to='${to}'/>`);
  await expect.poll(there, patience).toBe(1);
});
