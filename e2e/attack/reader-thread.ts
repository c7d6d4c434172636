import assert from "node:assert/strict";
import type { TestServer } from "../support/server.ts";

/** A database that is large enough for a thread of its own that reads, and that thread, which the first report starts. */
export async function withReader(server: TestServer): Promise<void> {
  const { id } = await server.api.portability.import({});
  const card = `<vCard xmlns='vcard-temp'><DESC>${"x".repeat(60_000)}</DESC></vCard>`;
  const users = Array.from({ length: 100 }, (_, number) => `<user name='u${number}'>${card}</user>`);
  const parts = [`<server-data xmlns='urn:xmpp:pie:0'><host jid='localhost'>`, ...users, "</host></server-data>"];
  for (const text of parts) await server.api.portability.importPart({ id, text });
  assert.equal((await server.api.portability.importEnd({ id })).accounts.created, users.length);
  // The log is in the database itself from now on, by whose size it goes.
  await server.stop({ keepData: true });
  await server.run();
  await server.api.users.list({ limit: 1 });
}
