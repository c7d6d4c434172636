import { type Element, el, type Node } from "../../xmpp/element.ts";

export const VCARD_TEMP = "vcard-temp";
export const VCARD4 = "urn:ietf:params:xml:ns:vcard-4.0";

/** How one property looks in vcard-temp (XEP-0054) and in vCard4 (RFC 6351). */
interface Property {
  readonly temp: string;
  readonly name: string;
  toVcard4(property: Element): Node[];
  toTemp(property: Element): Node[];
}

/** A value without parts: in vcard-temp the text, in vCard4 an element that names its kind. */
function simple(temp: string, name: string, kind: "date" | "text" | "uri", prefix = ""): Property {
  return {
    temp,
    name,
    toVcard4: ({ text }) =>
      text === "" ? [] : [el(kind, VCARD4, undefined, text.startsWith(prefix) ? text : prefix + text)],
    toTemp: (property) => {
      const value = valueOf(property);
      return value === "" ? [] : [value.startsWith(prefix) ? value.slice(prefix.length) : value];
    },
  };
}

/** A value with parts, each under another name; `types`: those that both know, told as empty elements in vcard-temp. */
function structured(
  temp: string,
  name: string,
  parts: readonly (readonly [temp: string, name: string])[],
  types: readonly string[] = [],
): Property {
  return {
    temp,
    name,
    toVcard4: (property) => [
      ...parameters(property, types),
      ...parts.flatMap(([from, to]) =>
        texts(property, from, VCARD_TEMP).map((text) => el(to, VCARD4, undefined, text)),
      ),
    ],
    toTemp: (property) => [
      ...typeElements(property, types),
      ...parts.flatMap(([to, from]) =>
        texts(property, from, VCARD4).map((text) => el(to, VCARD_TEMP, undefined, text)),
      ),
    ],
  };
}

/** One value with types. */
function typed(temp: string, name: string, part: string, types: readonly string[]): Property {
  return {
    temp,
    name,
    toVcard4: (property) =>
      texts(property, part, VCARD_TEMP)
        .slice(0, 1)
        .flatMap((text) => [...parameters(property, types), el("text", VCARD4, undefined, text)]),
    toTemp: (property) => {
      const value = valueOf(property).replace(/^(?:tel|mailto):/, "");
      return value === "" ? [] : [...typeElements(property, types), el(part, VCARD_TEMP, undefined, value)];
    },
  };
}

const places = ["HOME", "WORK"];

const geo: Property = {
  temp: "GEO",
  name: "geo",
  toVcard4: (property) => {
    const [lat, lon] = ["LAT", "LON"].map((part) => property.childText(part));
    return lat === undefined || lon === undefined ? [] : [el("uri", VCARD4, undefined, `geo:${lat},${lon}`)];
  },
  toTemp: (property) => {
    const [, lat, lon] = /^geo:([-\d.]+),([-\d.]+)/.exec(valueOf(property)) ?? [];
    return lat === undefined ? [] : [el("LAT", VCARD_TEMP, undefined, lat), el("LON", VCARD_TEMP, undefined, lon)];
  },
};

// The first text is the name, the others are units of it.
const organisation: Property = {
  temp: "ORG",
  name: "org",
  toVcard4: (property) =>
    ["ORGNAME", "ORGUNIT"]
      .flatMap((part) => texts(property, part, VCARD_TEMP))
      .map((text) => el("text", VCARD4, undefined, text)),
  toTemp: (property) =>
    texts(property, "text", VCARD4).map((text, index) =>
      el(index === 0 ? "ORGNAME" : "ORGUNIT", VCARD_TEMP, undefined, text),
    ),
};

/** What both kinds of card can say. Pictures are converted elsewhere (XEP-0398). */
export const PROPERTIES: readonly Property[] = [
  simple("FN", "fn", "text"),
  structured("N", "n", [
    ["FAMILY", "surname"],
    ["GIVEN", "given"],
    ["MIDDLE", "additional"],
    ["PREFIX", "prefix"],
    ["SUFFIX", "suffix"],
  ]),
  simple("NICKNAME", "nickname", "text"),
  simple("BDAY", "bday", "date"),
  structured(
    "ADR",
    "adr",
    [
      ["POBOX", "pobox"],
      ["EXTADD", "ext"],
      ["STREET", "street"],
      ["LOCALITY", "locality"],
      ["REGION", "region"],
      ["PCODE", "code"],
      ["CTRY", "country"],
    ],
    places,
  ),
  typed("TEL", "tel", "NUMBER", [...places, "VOICE", "FAX", "CELL", "VIDEO", "PAGER"]),
  typed("EMAIL", "email", "USERID", places),
  simple("JABBERID", "impp", "uri", "xmpp:"),
  simple("TZ", "tz", "text"),
  geo,
  simple("TITLE", "title", "text"),
  simple("ROLE", "role", "text"),
  organisation,
  simple("DESC", "note", "text"),
  simple("URL", "url", "uri"),
];

function valueOf(property: Element): string {
  return (
    property
      .elements()
      .find(({ name }) => name !== "parameters")
      ?.text.trim() ?? ""
  );
}

function texts(property: Element, name: string, ns: string): string[] {
  return property.elements(name, ns).flatMap(({ text }) => (text === "" ? [] : [text]));
}

/** RFC 6351 5: `<parameters><type/></parameters>`. */
function parameters(property: Element, types: readonly string[]): Element[] {
  const found = types.filter((type) => property.child(type) !== undefined);
  const values = found.map((type) => el("text", VCARD4, undefined, type.toLowerCase()));
  return values.length === 0 ? [] : [el("parameters", VCARD4, undefined, el("type", VCARD4, undefined, ...values))];
}

function typeElements(property: Element, types: readonly string[]): Element[] {
  const values = property.child("parameters")?.child("type")?.elements("text") ?? [];
  const found = new Set(values.map(({ text }) => text.toUpperCase()));
  return types.filter((type) => found.has(type)).map((type) => el(type, VCARD_TEMP));
}
