import { storesConformance } from "./conformance.ts";
import { openSqlite } from "./sqlite/client.ts";
import { temporaryDirectories } from "./sqlite/testing.ts";

const newDirectory = temporaryDirectories();
// However small the store is, both threads take part.
storesConformance("sqlite", () => openSqlite({ directory: newDirectory(), readerFromBytes: 0 }));
