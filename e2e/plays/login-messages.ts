import { createHmac } from "node:crypto";

/** RFC 4616 2, in base64. */
export function plainMessage(user: string, password: string): string {
  return Buffer.from(`\0${user}\0${password}`).toString("base64");
}

const proof = (token: string, who: string): Buffer => createHmac("sha256", token).update(who).digest();

/** HT-SHA-256-NONE: what the client sends, and what the server answers, in base64. */
export function tokenMessage(user: string, token: string): string {
  return Buffer.concat([Buffer.from(`${user}\0`), proof(token, "Initiator")]).toString("base64");
}

export function tokenAnswer(token: string): string {
  return proof(token, "Responder").toString("base64");
}
