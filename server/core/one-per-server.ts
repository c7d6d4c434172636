import type { Core } from "./core.ts";

/**
 * Something that several parts of a server share and the core does not know: made for the first who asks, the same for all
 * who ask after.
 */
export function onePerServer<Part extends object>(make: (core: Core) => Part): (core: Core) => Part {
  const made = new WeakMap<Core, Part>();
  return (core) => {
    const known = made.get(core);
    if (known !== undefined) return known;
    const part = make(core);
    made.set(core, part);
    return part;
  };
}
