import { expect, test } from "vitest";
import { testServer } from "../../core/testing.ts";
import { Jid } from "../../xmpp/jid.ts";
import { BlockBook } from "./book.ts";

test("lists of those who are online stay in memory, and as many of others as may, however many are online", async () => {
  const server = await testServer({
    modules: [],
    accounts: ["romeo@localhost", "juliet@localhost", "paris@localhost"],
  });
  const book = new BlockBook(server.core, "localhost", 10, 2);
  const isInMemory = (local: string): boolean => !(book.of(Jid.of(local, "localhost")) instanceof Promise);
  const read = async (...locals: string[]): Promise<void> => {
    for (const local of locals) await book.of(Jid.of(local, "localhost"));
  };
  const online = ["romeo", "juliet", "paris"];
  for (const local of online) await server.connect(`${local}@localhost/here`);
  await read(...online, "gone", "away");
  expect([...online, "gone", "away"].filter((local) => !isInMemory(local))).toEqual([]);
  await read("left");
  expect(online.filter((local) => !isInMemory(local))).toEqual([]);
  expect(["gone", "away", "left"].filter(isInMemory)).toEqual([]);
  await server.stop();
});
