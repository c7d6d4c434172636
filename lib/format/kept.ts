/** What somebody is writing, by name. It outlives the page, a reload and the session on the server, but not the tab. */
const prefix = "nightpost.kept.";
const changed = new EventTarget();
/** Also for browsers that keep nothing: it then lasts as long as the page. */
const values = new Map<string, unknown>();

/** null: nothing is being written. The same object as long as nothing else is kept by this name. */
export function readKept<T>(name: string): T | null {
  if (!values.has(name)) {
    const text = stored((storage) => storage.getItem(prefix + name)) ?? "null";
    values.set(name, JSON.parse(text));
  }
  return values.get(name) as T | null;
}

/**
 * `value`: anything that JSON can say; null: it is not being written any more. `open` is it without its secrets: what comes
 * back after a reload, because a browser may write that to disk.
 */
export function keep(name: string, value: unknown, open: unknown = value): void {
  values.set(name, value);
  stored((storage) =>
    open === null ? storage.removeItem(prefix + name) : storage.setItem(prefix + name, JSON.stringify(open)),
  );
  changed.dispatchEvent(new Event("change"));
}

/** Is anything kept whose name begins with this? */
export function hasKept(start: string): boolean {
  for (const [name, value] of values) if (value !== null && name.startsWith(start)) return true;
  const keys = stored((storage) => Object.keys(storage)) ?? [];
  return keys.some((key) => key.startsWith(prefix + start));
}

export function forgetKept(): void {
  values.clear();
  stored((storage) => {
    for (const key of Object.keys(storage)) if (key.startsWith(prefix)) storage.removeItem(key);
  });
  changed.dispatchEvent(new Event("change"));
}

export function watchKept(listener: () => void): () => void {
  changed.addEventListener("change", listener);
  return () => changed.removeEventListener("change", listener);
}

/** Storage may be switched off, or full. */
function stored<T>(use: (storage: Storage) => T): T | undefined {
  try {
    return use(sessionStorage);
  } catch {
    return undefined;
  }
}
