/** Writes lib/api/routes.ts: what the console has to know of the API, without the schemas that the server checks with. */
import { writeFileSync } from "node:fs";
import { routesText } from "./routes-text.ts";

writeFileSync(new URL("../lib/api/routes.ts", import.meta.url), routesText());
