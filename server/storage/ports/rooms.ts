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
  readonly createdAt: number;
  /** Configuration, subject and secret, as the caller wrote them. */
  readonly document: string;
}

export interface StoredRoom extends RoomRow {
  readonly affiliations: readonly RoomAffiliation[];
}

export type RoomSummary = Omit<RoomRow, "document">;

export interface Rooms {
  /** false: there is one of that name. */
  create(room: StoredRoom): Promise<boolean>;
  find(host: string, local: string): Promise<StoredRoom | null>;
  /** false: there is no such room. */
  update(
    host: string,
    local: string,
    room: Pick<RoomRow, "name" | "isPublic" | "isPersistent" | "document">,
  ): Promise<boolean>;
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
  /** Rooms of a service that a JID has an affiliation with. */
  affiliatedWith(host: string, jid: string): Promise<readonly { local: string; affiliation: RoomStanding }[]>;
}
