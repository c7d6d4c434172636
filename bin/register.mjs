// Lets Node run this package's TypeScript sources when it is installed under node_modules.
import { readFileSync } from "node:fs";
import { registerHooks, stripTypeScriptTypes } from "node:module";
import { fileURLToPath } from "node:url";

const home = new URL("..", import.meta.url).href;

registerHooks({
  load(url, context, next) {
    if (!url.startsWith(home) || !url.endsWith(".ts")) return next(url, context);
    const source = stripTypeScriptTypes(readFileSync(fileURLToPath(url), "utf8"), { mode: "strip" });
    return { format: "module", source, shortCircuit: true };
  },
});
