import { DerError, type DerValue, derAt, derValues } from "../../net/der-reader.ts";
import { RevocationError } from "./revocation-error.ts";

/**
 * What an authority says of a certificate (RFC 6960 2.2).
 *
 * - `good`: it was not revoked.
 * - `revoked`: nobody is to trust it any more.
 * - `unknown`: the authority does not know it.
 */
export type Revocation = "good" | "revoked" | "unknown";

/** An answer in its parts (RFC 6960 4.2.1); times in ms. */
export interface RevocationAnswer {
  readonly state: Revocation;
  /** Which certificate it is about: `CertID`. */
  readonly about: Buffer;
  readonly from: number;
  /** null: something newer can be asked for at any time. */
  readonly until: number | null;
  /** What is signed. */
  readonly signed: Buffer;
  /** OID of the algorithm, as it is encoded. */
  readonly algorithm: Buffer;
  readonly signature: Buffer;
  /** Certificates that came along, in DER. */
  readonly certificates: readonly Buffer[];
}

const meaning = ["good", "revoked", "unknown"] as const;

/** Throws DerError, RevocationError. */
export function answerIn(response: Buffer): RevocationAnswer {
  const [status, bytes] = derValues(derAt(response, 0).content);
  if (status?.content[0] !== 0 || bytes === undefined)
    throw new RevocationError(`the authority refuses to answer (${status?.content[0] ?? "?"})`);
  const [about, algorithm, signature, certificates] = derValues(derAt(bytes.content, 0, 1, 0).content);
  if (about === undefined || algorithm === undefined || signature === undefined)
    throw new DerError("a value is missing");
  return {
    ...singleIn(about),
    signed: about.whole,
    algorithm: derAt(algorithm.content, 0).whole,
    // A bit string begins with the number of bits that are not used: none.
    signature: signature.content.subarray(1),
    certificates:
      certificates === undefined ? [] : derValues(derAt(certificates.content, 0).content).map(({ whole }) => whole),
  };
}

/** The first of the answers: one was asked for. */
function singleIn(data: DerValue): Pick<RevocationAnswer, "state" | "about" | "from" | "until"> {
  // A version, and then who answers and when, stand before the answers.
  const answers = derValues(data.content).find(({ tag }) => tag === 0x30);
  const [about, state, from, until] = derValues(derAt(answers?.content ?? Buffer.alloc(0), 0).content);
  if (about === undefined || state === undefined || from === undefined) throw new DerError("a value is missing");
  const found = meaning[state.tag & 0x1f];
  if (found === undefined) throw new DerError("no state of a certificate");
  return {
    state: found,
    about: about.whole,
    from: timeIn(from),
    until: until?.tag === 0xa0 ? timeIn(derAt(until.content, 0)) : null,
  };
}

/** RFC 5280 4.1.2.5.2: GeneralizedTime in UTC, without fractions. */
function timeIn({ content }: DerValue): number {
  const parts = /^(\d{4})(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)Z$/.exec(content.toString("latin1"));
  if (parts === null) throw new DerError("no time");
  const [year = 0, month = 1, ...rest] = parts.slice(1).map(Number);
  const [day = 1, hours = 0, minutes = 0, seconds = 0] = rest;
  return Date.UTC(year, month - 1, day, hours, minutes, seconds);
}
