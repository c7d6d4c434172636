import { createHash, createHmac, pbkdf2Sync, randomBytes } from "node:crypto";

export type ScramHash = "sha1" | "sha256" | "sha512";

/** The client's side of RFC 5802, written apart from the server's. */
export function scramFirst(user: string): { readonly message: string; readonly bare: string; readonly nonce: string } {
  const nonce = randomBytes(18).toString("base64");
  const bare = `n=${user.replaceAll("=", "=3D").replaceAll(",", "=2C")},r=${nonce}`;
  return { message: `n,,${bare}`, bare, nonce };
}

export function scramFinal(
  hash: ScramHash,
  password: string,
  first: { readonly bare: string; readonly nonce: string },
  serverFirst: string,
): { readonly message: string; readonly serverSignature: string } {
  const fields = new Map(serverFirst.split(",").map((field) => [field[0], field.slice(2)]));
  const nonce = fields.get("r") ?? "";
  if (!nonce.startsWith(first.nonce) || nonce === first.nonce)
    throw new Error("the server's nonce does not extend the client's");
  const length = { sha1: 20, sha256: 32, sha512: 64 }[hash];
  const salted = pbkdf2Sync(
    password.normalize("NFC"),
    Buffer.from(fields.get("s") ?? "", "base64"),
    Number(fields.get("i")),
    length,
    hash,
  );
  const hmac = (key: Buffer, data: string): Buffer => createHmac(hash, key).update(data).digest();
  const clientKey = hmac(salted, "Client Key");
  const storedKey = createHash(hash).update(clientKey).digest();
  const withoutProof = `c=biws,r=${nonce}`;
  const authMessage = `${first.bare},${serverFirst},${withoutProof}`;
  const signature = hmac(storedKey, authMessage);
  const proof = Buffer.from(clientKey.map((byte, index) => byte ^ signature[index]!)).toString("base64");
  return {
    message: `${withoutProof},p=${proof}`,
    serverSignature: hmac(hmac(salted, "Server Key"), authMessage).toString("base64"),
  };
}
