import { storesConformance } from "./conformance.ts";
import { openSqlite } from "./sqlite/client.ts";
import { temporaryDirectories } from "./sqlite/testing.ts";

const newDirectory = temporaryDirectories();
storesConformance("sqlite", () => openSqlite({ directory: newDirectory() }));
