import { z } from "zod";
import type { Core } from "../../core/core.ts";
import { formatStanzaId, withStanzaId } from "../../core/stanza-id.ts";
import type { MessageKey } from "../../storage/ports.ts";
import { formatDateTime } from "../../xmpp/datetime.ts";
import { el } from "../../xmpp/element.ts";
import { escapeAttribute } from "../../xmpp/escape.ts";
import { forwardedText } from "../../xmpp/forwarded.ts";
import { Jid } from "../../xmpp/jid.ts";
import { NS } from "../../xmpp/namespaces.ts";
import { Stanza } from "../../xmpp/stanza.ts";
import { accountText } from "./account-text.ts";
import { NS_MAM, NS_PIE, NS_PIE_MAM } from "./names.ts";

export type DataPart = "offline" | "archive";

export interface ExportScope {
  readonly host: string;
  /** null: all accounts of the host. */
  readonly user: Jid | null;
  readonly parts: readonly DataPart[];
}

/** Where an export has come to. */
const Place = z.strictObject({
  /** The account that comes next is the first after this one, or the one that is under way. */
  local: z.string(),
  section: z.enum(["next", "offline", "archive"]),
  /** Of the section: the last message that was written. */
  after: z.object({ id: z.int(), salt: z.int() }).nullable(),
  accounts: z.int(),
});
export type Place = z.infer<typeof Place>;

const partLength = 256 * 1024;
const pageMessages = 100;
const pageBytes = 256 * 1024;

export function startOf(): Place {
  return { local: "", section: "next", after: null, accounts: 0 };
}

/** undefined: it is no place. */
export function parsePlace(text: string): Place | undefined {
  try {
    return Place.safeParse(JSON.parse(Buffer.from(text, "base64url").toString())).data;
  } catch {
    return undefined;
  }
}

export function formatPlace(place: Place): string {
  return Buffer.from(JSON.stringify(place)).toString("base64url");
}

/** What comes before the first account. */
export function headOf({ host }: ExportScope): string {
  const declaration = "<?xml version='1.0' encoding='UTF-8'?>";
  return `${declaration}\n<server-data xmlns='${NS_PIE}'>\n<host jid='${escapeAttribute(host)}'>\n`;
}

interface Piece {
  readonly text: string;
  readonly next: Place | null;
}

/** About as much as a part is to have, from a place on; `next` null: it is the end of the document. */
export async function partFrom(core: Core, scope: ExportScope, from: Place): Promise<Piece & { accounts: number }> {
  let text = "";
  let place: Place | null = from;
  let { accounts } = from;
  while (place !== null && text.length < partLength) {
    const piece: Piece = await pieceFrom(core, scope, place);
    text += piece.text;
    place = piece.next;
    accounts = place?.accounts ?? accounts;
  }
  return { text: place === null ? `${text}</host>\n</server-data>\n` : text, next: place, accounts };
}

function pieceFrom(core: Core, scope: ExportScope, place: Place): Promise<Piece> {
  switch (place.section) {
    case "next":
      return account(core, scope, place);
    case "offline":
      return offline(core, scope, place);
    default:
      return archive(core, scope, place);
  }
}

async function account(core: Core, scope: ExportScope, { local: before, accounts }: Place): Promise<Piece> {
  const local = await nextLocal(core, scope, before);
  if (local === undefined) return { text: "", next: null };
  const user = Jid.of(local, scope.host);
  const text = `<user name='${escapeAttribute(local)}'>\n${await accountText(core, user)}`;
  return { text, next: { local, section: "offline", after: null, accounts: accounts + 1 } };
}

async function nextLocal({ stores, accounts }: Core, { host, user }: ExportScope, before: string) {
  if (user === null) return (await stores.accounts.names(host, before, 1))[0];
  return before === "" && (await accounts.exists(user)) ? user.local : undefined;
}

async function offline({ stores }: Core, { host, parts }: ExportScope, place: Place): Promise<Piece> {
  const { local, after } = place;
  const onward: Place = { ...place, section: "archive", after: null };
  if (!parts.includes("offline")) return { text: "", next: onward };
  const messages = await stores.offline.read(host, local, after?.id ?? 0, pageMessages);
  const open = after === null && messages.length > 0 ? "<offline-messages>\n" : "";
  const texts = messages.map(({ xml, at, key, isArchived }) => {
    const delay = el("delay", NS.delay, { from: host, stamp: formatDateTime(at) });
    const stanza = Stanza.parse(xml).append(delay);
    return `${String(isArchived ? withStanzaId(stanza, `${local}@${host}`, key) : stanza)}\n`;
  });
  const text = open + texts.map(standingAlone).join("");
  if (messages.length === pageMessages)
    return { text, next: { ...place, after: { id: messages.at(-1)!.id, salt: 0 } } };
  const hasAny = after !== null || messages.length > 0;
  return { text: hasAny ? `${text}</offline-messages>\n` : text, next: onward };
}

async function archive({ stores }: Core, { host, parts }: ExportScope, place: Place): Promise<Piece> {
  const { local, after } = place;
  const onward: Place = { ...place, section: "next", after: null };
  const end = "</user>\n";
  if (!parts.includes("archive")) return { text: end, next: onward };
  const query = { host, local, from: "start", limit: pageMessages, maxBytes: pageBytes } as const;
  const bound = after === null ? {} : { after: [after] };
  const page =
    (await stores.archive.query({ ...query, ...bound })) ??
    // The message that bounds it was taken out meanwhile; keys are microseconds.
    (await stores.archive.query({ ...query, start: Math.ceil((after?.id ?? 0) / 1000) }));
  const items = page?.items ?? [];
  const open = after === null && items.length > 0 ? `<archive xmlns='${NS_PIE_MAM}'>\n` : "";
  const text = open + items.map(({ key, at, xml }) => resultText(key, at, xml)).join("");
  const last = items.at(-1)?.key ?? null;
  if (page?.isComplete === false && last !== null) return { text, next: { ...place, after: last } };
  const hasAny = after !== null || items.length > 0;
  return { text: hasAny ? `${text}</archive>\n${end}` : text + end, next: onward };
}

function resultText(key: MessageKey, at: number, xml: string): string {
  return `<result xmlns='${NS_MAM}' id='${formatStanzaId(key)}'>${forwardedText(xml, at)}</result>\n`;
}

// Inside of the document the default namespace is another one.
function standingAlone(message: string): string {
  return message.startsWith(`<message xmlns=`) ? message : message.replace("<message", `<message xmlns='${NS.client}'`);
}
