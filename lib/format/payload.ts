export type Payload = { kind: "form"; fields: [string, string][] } | { kind: "text"; text: string };

/** How to show a body: a form as its fields, JSON indented, else the text as it is. */
export function readPayload(text: string, contentType: string): Payload {
  const type = contentType.split(";")[0]?.trim().toLowerCase() ?? "";
  if (type === "application/x-www-form-urlencoded") return { kind: "form", fields: [...new URLSearchParams(text)] };
  if (type === "application/json" || type.endsWith("+json")) {
    try {
      return { kind: "text", text: JSON.stringify(JSON.parse(text), null, 2) };
    } catch {
      // Cut off, or not JSON after all: shown as it came.
    }
  }
  return { kind: "text", text };
}
