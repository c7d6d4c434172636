import { detached } from "./detached.ts";
import { prepareDomain } from "./domain.ts";
import { prepareLocalpart } from "./localpart.ts";
import { fits, maxPartLength } from "./part-size.ts";
import { opaqueString } from "./precis.ts";

const cachedTextLength = 512;
const generationSize = 4096;

const ASCII_RESOURCE = /^[\x20-\x7e]+$/;

/** An address that RFC 7622 does not allow. */
export class JidError extends Error {
  override readonly name = "JidError";
}

function prepareLocal(text: string): string {
  const prepared = prepareLocalpart(text);
  if (typeof prepared !== "string") throw new JidError("bad localpart");
  return prepared;
}

function prepareDomainpart(text: string): string {
  const prepared = prepareDomain(text);
  if (prepared === undefined || !fits(prepared)) throw new JidError("bad domainpart");
  return prepared;
}

/** RFC 7622 3.4. */
function prepareResource(text: string): string {
  if (text.length > maxPartLength) throw new JidError("too long");
  const prepared = ASCII_RESOURCE.test(text) ? text : opaqueString(text);
  if (prepared === undefined || !fits(prepared)) throw new JidError("bad resourcepart");
  return prepared;
}

let young = new Map<string, Jid>();
let old = new Map<string, Jid>();

/** Addresses repeat all day. Two generations bound the cache without keeping an order: what is asked for survives the swap. */
function remember(text: string, jid: Jid): void {
  if (young.size >= generationSize) {
    old = young;
    young = new Map();
  }
  young.set(text, jid);
}

/**
 * An address, RFC 7622; immutable and always prepared, so that equal addresses have equal text. A part that is absent is "",
 * and no part that is present can be: `bare` is `full` exactly when there is no resource.
 */
export class Jid {
  readonly local: string;
  readonly domain: string;
  readonly resource: string;
  /** `local@domain`, or `domain`. */
  readonly bare: string;
  /** `bare/resource`, or `bare`. */
  readonly full: string;

  private constructor(local: string, domain: string, resource: string) {
    this.local = local;
    this.domain = domain;
    this.resource = resource;
    this.bare = local === "" ? domain : `${local}@${domain}`;
    this.full = resource === "" ? this.bare : `${this.bare}/${resource}`;
  }

  /** Throws JidError. */
  static parse(text: string): Jid {
    const cached = young.get(text);
    if (cached !== undefined) return cached;
    const survivor = old.get(text);
    if (survivor !== undefined) {
      remember(survivor.full === text ? survivor.full : detached(text), survivor);
      return survivor;
    }
    if (text.length > 3 * maxPartLength + 2) throw new JidError("too long");
    const own = detached(text);
    const jid = Jid.split(own);
    if (own.length <= cachedTextLength) remember(own, jid);
    return jid;
  }

  static tryParse(text: string): Jid | undefined {
    try {
      return Jid.parse(text);
    } catch (error) {
      if (error instanceof JidError) return undefined;
      throw error;
    }
  }

  /** Puts an address together from unprepared parts; "" for an absent one. Throws JidError. */
  static of(local: string, domain: string, resource = ""): Jid {
    if (local.length > maxPartLength || domain.length > maxPartLength) throw new JidError("too long");
    return new Jid(
      local === "" ? "" : prepareLocal(local),
      prepareDomainpart(domain),
      resource === "" ? "" : prepareResource(resource),
    );
  }

  /** RFC 7622 3.2: the resource begins at the first slash, and only what is before it may hold the at sign. */
  private static split(text: string): Jid {
    const slash = text.indexOf("/");
    const bare = slash < 0 ? text : text.slice(0, slash);
    const at = bare.indexOf("@");
    if (at === 0 || slash === text.length - 1) throw new JidError("empty part");
    return Jid.of(at < 0 ? "" : bare.slice(0, at), bare.slice(at + 1), slash < 0 ? "" : text.slice(slash + 1));
  }

  /** Throws JidError. */
  withResource(resource: string): Jid {
    return new Jid(this.local, this.domain, prepareResource(resource));
  }

  toBare(): Jid {
    return this.resource === "" ? this : new Jid(this.local, this.domain, "");
  }

  equals(other: Jid): boolean {
    return this.full === other.full;
  }

  toString(): string {
    return this.full;
  }

  toJSON(): string {
    return this.full;
  }
}
