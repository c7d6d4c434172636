import { type FilterImplOptions, Liquid } from "liquidjs";

/** Longest request body that a template may make, UTF-16 units. */
export const maxOutput = 256 * 1024;

/**
 * Tags without which a template cannot loop or read files, so that it ends in time proportional to its length and the
 * message's; and filters of which the same holds.
 */
const tags = "assign capture case comment echo if liquid raw unless #".split(" ");
const filters = (
  "append base64_encode capitalize ceil date default divided_by downcase escape first floor join last lstrip md5 minus " +
  "modulo plus prepend raw remove remove_first replace replace_first round rstrip sha256 size slice split strip " +
  "strip_newlines times truncate upcase url_encode"
).split(" ");

/** Writes a value as JSON: text in quotes, `null` for what is not there. */
function json(value: unknown): string {
  return JSON.stringify(value ?? null);
}

/** Encodes a value for a field of a form. */
function form(value: unknown): string {
  return new URLSearchParams({ "": plain(value) }).toString().slice(1);
}

const entities: Readonly<Record<string, string>> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
  "'": "&apos;",
};

/** Escapes a value for text or an attribute of XML. */
function xml(value: unknown): string {
  return plain(value).replaceAll(/[&<>"']/g, (char) => entities[char]!);
}

function plain(value: unknown): string {
  if (value === undefined || value === null) return "";
  return typeof value === "string" ? value : JSON.stringify(value);
}

export const engine = new Liquid({
  strictFilters: true,
  strictVariables: false,
  ownPropertyOnly: true,
  timezoneOffset: 0,
  dateFormat: "%Y-%m-%dT%H:%M:%SZ",
  locale: "en",
  parseLimit: 64 * 1024,
  renderLimit: 100,
  memoryLimit: 8 * 1024 * 1024,
});
for (const name of Object.keys(engine.tags)) if (!tags.includes(name)) Reflect.deleteProperty(engine.tags, name);
for (const name of Object.keys(engine.filters))
  if (!filters.includes(name)) Reflect.deleteProperty(engine.filters, name);
engine.registerFilter("json", json);
engine.registerFilter("form", form);
engine.registerFilter("xml", xml);
for (const [name, filter] of Object.entries(engine.filters))
  if (filter !== undefined) engine.registerFilter(name, bounded(filter));

/**
 * A filter whose result is no longer than a body may be. Quotes are escaped again by each `json` in a row: thirty of them
 * would make a gigabyte of a word.
 */
function bounded(filter: FilterImplOptions): FilterImplOptions {
  const { handler, raw } = typeof filter === "function" ? { handler: filter, raw: false } : filter;
  return {
    raw,
    handler(value: unknown, ...args: unknown[]) {
      const result: unknown = handler.call(this, value, ...args);
      if (typeof result === "string" && result.length > maxOutput)
        throw new Error(`A filter makes more than ${maxOutput} characters.`);
      return result;
    },
  };
}
