import type { UserCard } from "../../lib/contracts/users.ts";
import type { Core } from "../core/core.ts";
import type { Element } from "../xmpp/element.ts";
import type { Jid } from "../xmpp/jid.ts";
import { readStored } from "../xmpp/stored.ts";

const METADATA = "urn:xmpp:avatar:metadata";
const DATA = "urn:xmpp:avatar:data";
const VCARD = "vcard-temp";
/** As text; a picture of the usual 96 pixels has a tenth of it. */
const maxPictureLength = 256 * 1024;
const maxNameLength = 200;
const BASE64 = /^[A-Za-z0-9+/]+={0,2}$/;

/** What pictures of pixels begin with. What somebody says it is does not count, and a drawing can hold scripts. */
const kinds = [
  ["image/png", /^\x89PNG\r\n/],
  ["image/jpeg", /^\xff\xd8\xff/],
  ["image/gif", /^GIF8[79]a/],
  ["image/webp", /^RIFF[^]{4}WEBP/],
] as const;

/** Name and picture of an account, as its clients have published them (XEP-0054, 0084, 0153, 0172). */
export async function userCard({ stores, clock }: Core, { domain: host, local }: Jid): Promise<UserCard> {
  const owner = { host, local };
  const page = { now: clock.now(), limit: 1, maxBytes: 2 * maxPictureLength };
  const newest = async (node: string, ids?: string[]) =>
    readStored((await stores.nodes.items(owner, node, { ...page, ids }))?.items[0]?.payload ?? null);
  const [card, metadata] = await Promise.all([stores.personal.vcard(host, local).then(readStored), newest(METADATA)]);
  // XEP-0084 4.2.1: what has a URL is somewhere else.
  const info = metadata?.elements("info", METADATA).find((one) => one.attr("url") === undefined);
  const id = info?.attr("id");
  const published = id === undefined ? null : await newest(DATA, [id]);
  const photo = card?.child("PHOTO", VCARD)?.childText("BINVAL");
  return { name: nameIn(card), avatar: picture(published?.text) ?? picture(photo) };
}

/** Full name, else nickname of a vCard (XEP-0054); null: neither is there. */
export function nameIn(card: Element | null): string | null {
  const names = [card?.childText("FN"), card?.childText("NICKNAME")];
  return names.map((name) => name?.trim().slice(0, maxNameLength)).find((name) => name) ?? null;
}

function picture(text: string | undefined): UserCard["avatar"] {
  const base64 = (text ?? "").replace(/\s/g, "");
  if (base64.length > maxPictureLength || !BASE64.test(base64)) return null;
  const beginning = Buffer.from(base64.slice(0, 32), "base64").toString("latin1");
  const type = kinds.find(([, begins]) => begins.test(beginning))?.[0];
  return type === undefined ? null : { type, base64 };
}
