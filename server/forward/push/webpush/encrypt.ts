import { createCipheriv, createECDH, hkdfSync, randomBytes } from "node:crypto";

const recordBytes = 4096;
const saltBytes = 16;
const keyBytes = 65;
const tagBytes = 16;
/** Salt, record size, length of the key id, key id (RFC 8188 2.1). */
const headerBytes = saltBytes + 4 + 1 + keyBytes;
/** What fits into the one record that a push service has to take, less the delimiter (RFC 8291 4). */
export const maxPlaintextBytes = recordBytes - headerBytes - tagBytes - 1;

/** The keys of a subscription, base64url. */
export interface SubscriptionKeys {
  readonly p256dh: string;
  readonly auth: string;
}

/** The keys of a subscription are none: nothing can ever be sent to it. */
export class SubscriptionKeyError extends Error {
  override readonly name = "SubscriptionKeyError";
}

/** The sender's private key and the salt, which nobody but a test chooses. */
export interface Chosen {
  readonly privateKey: Buffer;
  readonly salt: Buffer;
}

/**
 * Encrypts for a subscription (RFC 8291, content coding `aes128gcm`, one record, a new key pair each time). Throws
 * SubscriptionKeyError, and RangeError for more than {@link maxPlaintextBytes}.
 */
export function encrypt(plaintext: Buffer, { p256dh, auth }: SubscriptionKeys, chosen?: Chosen): Buffer {
  if (plaintext.length > maxPlaintextBytes) throw new RangeError(`more than ${maxPlaintextBytes} bytes`);
  const receiver = Buffer.from(p256dh, "base64url");
  const authSecret = Buffer.from(auth, "base64url");
  if (authSecret.length !== 16) throw new SubscriptionKeyError("the secret `auth` is not 16 bytes long");
  const ecdh = createECDH("prime256v1");
  if (chosen === undefined) ecdh.generateKeys();
  else ecdh.setPrivateKey(chosen.privateKey);
  const sender = ecdh.getPublicKey();
  const shared = sharedSecret(ecdh, receiver);
  const salt = chosen?.salt ?? randomBytes(saltBytes);
  // RFC 8291 3.4, RFC 8188 2.2 and 2.3.
  const keyInfo = Buffer.concat([Buffer.from("WebPush: info\0"), receiver, sender]);
  const secret = Buffer.from(hkdfSync("sha256", shared, authSecret, keyInfo, 32));
  const key = Buffer.from(hkdfSync("sha256", secret, salt, "Content-Encoding: aes128gcm\0", 16));
  const nonce = Buffer.from(hkdfSync("sha256", secret, salt, "Content-Encoding: nonce\0", 12));
  const header = Buffer.alloc(saltBytes + 5);
  salt.copy(header);
  header.writeUInt32BE(recordBytes, saltBytes);
  header.writeUInt8(keyBytes, saltBytes + 4);
  const cipher = createCipheriv("aes-128-gcm", key, nonce);
  const record = cipher.update(plaintext);
  // 2 marks the last record (RFC 8188 2).
  const rest = cipher.update(Buffer.of(2));
  return Buffer.concat([header, sender, record, rest, cipher.final(), cipher.getAuthTag()]);
}

function sharedSecret(ecdh: ReturnType<typeof createECDH>, receiver: Buffer): Buffer {
  // A point in compressed form is shorter, and its bytes would not be those that the receiver puts into the key's info.
  if (receiver.length !== keyBytes) throw new SubscriptionKeyError("the key `p256dh` is not 65 bytes long");
  try {
    return ecdh.computeSecret(receiver);
  } catch {
    throw new SubscriptionKeyError("the key `p256dh` is no point of the curve P-256");
  }
}
