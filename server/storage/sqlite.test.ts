import { mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { storesConformance } from "./conformance.ts";
import { openSqlite } from "./sqlite/client.ts";

storesConformance("sqlite", () => openSqlite({ directory: mkdtempSync(join(tmpdir(), "nightpost-store-")) }));
