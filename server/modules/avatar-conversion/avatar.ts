import { createHash } from "node:crypto";
import { type Element, el } from "../../xmpp/element.ts";
import { readStored } from "../../xmpp/stored.ts";

export const METADATA = "urn:xmpp:avatar:metadata";
export const DATA = "urn:xmpp:avatar:data";
const VCARD = "vcard-temp";
const BASE64 = /^[A-Za-z0-9+/]+={0,2}$/;
const MEDIA_TYPE = /^image\/[\w.+-]{1,60}$/;

/** A picture, by the hex SHA-1 of its bytes (XEP-0084 4). */
export interface Avatar {
  readonly id: string;
  readonly type: string;
  readonly bytes: number;
  readonly base64: string;
}

/** The `<info/>` of a metadata item whose data is in the data node; null: there is no picture (XEP-0084 4.2.1, 4.3). */
export function infoOf(payload: string): { readonly id: string; readonly type: string } | null {
  const info = readStored(payload)
    ?.elements("info", METADATA)
    .find((one) => one.attr("url") === undefined);
  const id = info?.attr("id");
  return id === undefined ? null : { id: id.toLowerCase(), type: info?.attr("type") ?? "image/png" };
}

/** The picture in a data item, if it is the one of that id (XEP-0398 3.1). */
export function pictureOf(payload: string, id: string): string | null {
  const base64 = (readStored(payload)?.text ?? "").replace(/\s/g, "");
  return BASE64.test(base64) && sha1(Buffer.from(base64, "base64")) === id ? base64 : null;
}

/** The picture in a vCard (XEP-0153 4.1). */
export function photoOf(card: Element | null): Avatar | null {
  const photo = card?.child("PHOTO", VCARD);
  const base64 = (photo?.childText("BINVAL") ?? "").replace(/\s/g, "");
  if (!BASE64.test(base64)) return null;
  const picture = Buffer.from(base64, "base64");
  const type = photo?.childText("TYPE")?.trim().toLowerCase() ?? "";
  return {
    id: sha1(picture),
    type: MEDIA_TYPE.test(type) ? type : "image/png",
    bytes: picture.length,
    base64: picture.toString("base64"),
  };
}

export function dataItem({ base64, id }: Avatar): { id: string; payload: string } {
  return { id, payload: String(el("data", DATA, undefined, base64)) };
}

export function metadataItem({ bytes, id, type }: Avatar): { id: string; payload: string } {
  const info = el("info", METADATA, { id, type, bytes: String(bytes) });
  return { id, payload: String(el("metadata", METADATA, undefined, info)) };
}

/** No picture any more, XEP-0084 4.3. */
export const noAvatarItem = { id: "none", payload: String(el("metadata", METADATA)) };

function sha1(picture: Buffer): string {
  return createHash("sha1").update(picture).digest("hex");
}
