import type { Page, PageRequest } from "./page.ts";

export type RoomStanding = "owner" | "admin" | "member" | "outcast";

export interface RoomAffiliation {
  /** Bare JID, or a domain, which stands for all of its accounts. */
  readonly jid: string;
  readonly affiliation: RoomStanding;
  /** Reserved for that user. */
  readonly nick: string | null;
  readonly reason: string | null;
}

export interface RoomRow {
  /** Domain of the service. */
  readonly host: string;
  readonly local: string;
  readonly name: string;
  readonly isPublic: boolean;
  /** false: it lives as long as somebody is in it. */
  readonly isPersistent: boolean;
  readonly isMembersOnly: boolean;
  readonly isModerated: boolean;
  readonly isArchived: boolean;
  readonly createdAt: number;
  /** When somebody came, or the last one left. */
  readonly usedAt: number;
  /** Configuration, subject and secret, as the caller wrote them. */
  readonly document: string;
}

export interface StoredRoom extends RoomRow {
  readonly affiliations: readonly RoomAffiliation[];
}

export type RoomSummary = Omit<RoomRow, "document">;

/** More messages than this are counted as one more. */
export const maxCountedMessages = 10_000;

/** A room as admins see it in a list. */
export interface RoomReport extends RoomSummary {
  readonly affiliations: number;
  readonly lastMessageAt: number | null;
  /** Messages in its archive, at most {@link maxCountedMessages} and one. */
  readonly messages: number;
}

export interface RoomFilter {
  /** Domains of the services. */
  readonly hosts: readonly string[];
  /** Part of the local part or the name. */
  readonly search?: string | undefined;
  readonly isPersistent?: boolean | undefined;
  /** Nobody has been there since. */
  readonly unusedSince?: number | undefined;
  /** Bare JIDs: only these rooms, or all but these. */
  readonly among?: { readonly rooms: readonly string[]; readonly is: boolean } | undefined;
}

export interface Rooms {
  /** false: there is one of that name. */
  create(room: StoredRoom): Promise<boolean>;
  find(host: string, local: string): Promise<StoredRoom | null>;
  /** false: there is no such room. */
  update(host: string, local: string, room: Omit<RoomRow, "host" | "local" | "createdAt" | "usedAt">): Promise<boolean>;
  /** Somebody came, or the last one left. */
  used(host: string, local: string, at: number): Promise<void>;
  /** An affiliation that is null is taken away. false, and nothing is changed: there is no such room. */
  affiliate(
    host: string,
    local: string,
    changes: readonly (Omit<RoomAffiliation, "affiliation"> & { readonly affiliation: RoomStanding | null })[],
  ): Promise<boolean>;
  /** vCard (XEP-0486) as XML; null: none. */
  vcard(host: string, local: string): Promise<string | null>;
  setVcard(host: string, local: string, xml: string | null): Promise<boolean>;
  /** With its archive. */
  remove(host: string, local: string): Promise<boolean>;
  /** Removes rooms that were to live as long as somebody was in them, at most `limit` in a step. Answers how many. */
  removeTemporary(host: string, limit: number): Promise<number>;
  /** Ordered by local part. */
  list(
    query: PageRequest & {
      readonly host: string;
      readonly search?: string | undefined;
      /** Those that everybody may find. */
      readonly isPublic?: boolean | undefined;
      /** Those that come after this local part, for callers who have no cursor. */
      readonly after?: string | undefined;
    },
  ): Promise<Page<RoomSummary>>;
  count(host: string): Promise<number>;
  /** Ordered by service and local part, with the number of all that match. */
  report(filter: RoomFilter, page: PageRequest): Promise<Page<RoomReport>>;
  /** In how many rooms each of these bare JIDs is a member or more; those without any are left out. */
  countWith(jids: readonly string[]): Promise<ReadonlyMap<string, number>>;
  /** Rooms of a service that a JID has an affiliation with. */
  affiliatedWith(host: string, jid: string): Promise<readonly { local: string; affiliation: RoomStanding }[]>;
}
