import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { expect, it } from "vitest";
import { openSqlite, storeFile } from "../client.ts";
import { temporaryDirectories } from "../testing.ts";
import { initial } from "./0001-initial.ts";
import { replays } from "./0002-replays.ts";
import { lanesHeldInMemory } from "./0003-lanes-held-in-memory.ts";
import { outboxForDevices } from "./0004-outbox-for-devices.ts";
import { devices } from "./0005-devices.ts";
import { messages } from "./0006-message.ts";
import { blocked } from "./0007-blocked.ts";
import { rooms } from "./0008-rooms.ts";
import { nodes } from "./0009-nodes.ts";
import { clients } from "./0010-clients.ts";
import { invites } from "./0011-invites.ts";
import { files } from "./0012-files.ts";

const earlier = [
  ...[initial, replays, lanesHeldInMemory, outboxForDevices, devices, messages],
  ...[blocked, rooms, nodes, clients, invites, files],
];
const newDirectory = temporaryDirectories();
const host = "conference.montague.lit";
const documentOf = (flags: object): string => JSON.stringify({ config: flags });

it("takes over what rooms are from their documents, when they were used from what was said, and where files are", async () => {
  const directory = newDirectory();
  const db = new DatabaseSync(join(directory, storeFile));
  for (const sql of earlier) db.exec(sql);
  const add = db.prepare(
    "INSERT INTO room (host, local, name, is_public, is_persistent, created_at, document) VALUES (?, ?, '', 1, 1, ?, ?)",
  );
  add.run(host, "ball", 1000, documentOf({ isMembersOnly: true, isModerated: false, isArchived: true }));
  add.run(host, "hall", 2000, documentOf({ isMembersOnly: false, isModerated: true, isArchived: false }));
  db.exec(`
    INSERT INTO mailbox (id, local, host) VALUES (1, 'ball', '${host}');
    INSERT INTO message (id, mailbox, salt, peer, peer_hash, is_own, type, at, bytes, archived, xml)
      VALUES (7000000, 1, 1, 'x', 0, 0, 'groupchat', 7000, 1, 1, '<message/>');
    INSERT INTO file VALUES ('f', 'h', 'montague.lit', 'romeo', 'x', 'text/plain', 3, 1000, 9000, 9000, 2000);
    PRAGMA user_version = ${earlier.length};
  `);
  db.close();
  const stores = await openSqlite({ directory });
  const { items } = await stores.rooms.report({ hosts: [host] }, { limit: 10 });
  expect(items).toMatchObject([
    { local: "ball", isMembersOnly: true, isModerated: false, isArchived: true, usedAt: 7000, messages: 1 },
    { local: "hall", isMembersOnly: false, isModerated: true, isArchived: false, usedAt: 2000, messages: 0 },
  ]);
  expect(await stores.files.find("f")).toMatchObject({ place: "disk", size: 3 });
  await stores.close();
});
