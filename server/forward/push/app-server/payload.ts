import type { AppServerTarget } from "../../../../lib/contracts/forward-target.ts";
import { el } from "../../../xmpp/element.ts";
import { buildForm, type FormField } from "../../../xmpp/forms.ts";
import type { Payload } from "../../plan/payload.ts";
import { clip } from "../content.ts";
import type { PushMessage } from "../message.ts";

export const pushNs = "urn:xmpp:push:0";
export const summaryForm = "urn:xmpp:push:summary";

/** More than that fits into no notification that an app server could make of it. */
const maxBodyLength = 1000;
const countField = `var='message-count'`;
const emptyCount = "<value>0</value>";

/** What is published: `<notification/>` with the summary form of XEP-0357 7. The store fills the number of messages in. */
export function renderAppServer(
  message: PushMessage,
  { includeSender, body, text }: Pick<AppServerTarget, "includeSender" | "body" | "text">,
): Payload {
  const isRequest = message.class === "subscription";
  const fields: FormField[] = [
    isRequest ? { var: "pending-subscription-count", values: ["1"] } : { var: "message-count", values: ["0"] },
  ];
  if (includeSender) fields.push({ var: "last-message-sender", values: [message.from.full] });
  // App servers take a body as the sign that something is to be shown; what is encrypted has none of its own.
  if (body !== "none") {
    const said = body === "full" && message.text !== null ? clip(message.text, maxBodyLength) : text;
    fields.push({ var: "last-message-body", values: [said] });
  }
  const form = buildForm("submit", fields, { formType: summaryForm });
  const xml = el("notification", pushNs, undefined, form).toString();
  const contentType = "application/xml";
  if (isRequest) return { contentType, text: xml };
  // The first field after FORM_TYPE: nothing before it is anybody's text.
  const unreadAt = xml.indexOf(emptyCount, xml.indexOf(countField)) + "<value>".length;
  return { contentType, text: xml.slice(0, unreadAt) + xml.slice(unreadAt + 1), unreadAt };
}
