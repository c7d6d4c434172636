import { readdir } from "node:fs/promises";
import { registerHooks } from "node:module";
import { join, resolve } from "node:path";
import { pathToFileURL } from "node:url";
import type { ModuleDefinition } from "../core/module.ts";
import { BootError } from "./boot-error.ts";

const api = new URL("../module-api.ts", import.meta.url).href;

/** Lets modules outside this package write `import … from "nightpost"`. */
function provideApi(): void {
  registerHooks({
    resolve: (specifier, context, next) =>
      specifier === "nightpost" ? { url: api, shortCircuit: true } : next(specifier, context),
  });
}

/**
 * Loads an operator's own modules: each `.ts` or `.js` file of the directory exports one or more values of
 * `defineModule`. See docs/modules.md.
 * @throws {BootError} naming the file that cannot be loaded.
 */
export async function loadOperatorModules(directory: string | null): Promise<ModuleDefinition[]> {
  if (directory === null) return [];
  let names: string[];
  try {
    names = (await readdir(directory)).filter((name) => /\.(ts|js|mjs)$/.test(name) && !name.endsWith(".test.ts"));
  } catch (error) {
    throw new BootError(
      `The module directory ${directory} cannot be read: ${error instanceof Error ? error.message : String(error)}`,
    );
  }
  provideApi();
  const modules: ModuleDefinition[] = [];
  for (const name of names.toSorted()) {
    const file = resolve(join(directory, name));
    let exported: Record<string, unknown>;
    try {
      exported = (await import(pathToFileURL(file).href)) as Record<string, unknown>;
    } catch (error) {
      throw new BootError(
        `The module ${file} cannot be loaded: ${error instanceof Error ? error.message : String(error)}`,
      );
    }
    const found = Object.values(exported).filter(isModule);
    if (found.length === 0) throw new BootError(`The module ${file} exports nothing made by defineModule.`);
    modules.push(...found);
  }
  return modules;
}

function isModule(value: unknown): value is ModuleDefinition {
  return (
    typeof value === "object" &&
    value !== null &&
    "name" in value &&
    typeof value.name === "string" &&
    "start" in value &&
    typeof value.start === "function" &&
    "options" in value
  );
}
