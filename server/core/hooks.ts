import type { MessageKey, NewOutboxEvent, RosterItem } from "../storage/ports.ts";
import type { Element } from "../xmpp/element.ts";
import type { StanzaError } from "../xmpp/errors.ts";
import type { Jid } from "../xmpp/jid.ts";
import type { Stanza } from "../xmpp/stanza.ts";
import type { Packet } from "./router.ts";
import type { Session } from "./session.ts";

export type { NewOutboxEvent, RosterItem };

/** Contacts of an account as presence needs them; JIDs are bare. */
export interface Contacts {
  item(jid: string): RosterItem | undefined;
  /** Those who get the account's presence (subscription `from` or `both`). */
  readonly subscribers: readonly Jid[];
  /** Those whose presence the account gets (`to` or `both`). */
  readonly subscriptions: readonly Jid[];
}

/** A message that its recipient's account is going to keep. */
export interface StampedMessage {
  readonly key: MessageKey;
  /** As it came. */
  readonly original: Stanza;
  /** As it is delivered: with its id (XEP-0359). */
  readonly stanza: Stanza;
}

/** A message that resources of an account were given. */
export interface MessageDelivery {
  /** As it came to the account. */
  readonly packet: Packet;
  /** As it was given. */
  readonly stanza: Stanza;
  readonly kept: StampedMessage | undefined;
  /** Which of the account's resources were given it. */
  readonly wasGiven: (session: Session) => boolean;
  /** The message of the account that this one, an error of the server, answers. */
  readonly refused?: Stanza;
}

/** A message for an account that no resource can take, on its way through the offline chain. */
export interface OfflineDelivery {
  readonly packet: Packet;
  readonly user: Jid;
  readonly at: number;
  /** What the message would be stored for, decided once (XEP-0160 3 with 0085, 0334): null when it is to be stored. */
  readonly notStored: string | null;
  /** Under which key the account keeps it, and what of it; left out: it is to be kept until it is delivered only. */
  readonly kept?: StampedMessage | undefined;
  /** Forwards planned so far; the store commits them together with the message. */
  readonly forwards: NewOutboxEvent[];
}

/** The server of a domain elsewhere, as a domain here, the host or a service of it, has to do with it. */
export interface RemoteServer {
  readonly local: string;
  readonly remote: string;
}

/** A change of an account's node (XEP-0060), on disk. */
export interface NodeChanged {
  readonly user: Jid;
  readonly node: string;
  /** Payloads as XML that stands for itself. */
  readonly published: readonly { readonly id: string; readonly payload: string }[];
  readonly retracted: readonly string[];
  /** Nothing is left of it: it was purged or deleted. */
  readonly isEmptied: boolean;
  /** Name of the module that asked for it by `pep/publish`; null: the account's own client did it. */
  readonly by: string | null;
}

export type NodeItem =
  | { readonly kind: "item"; readonly id: string; readonly payload: string }
  /** There is no such item, or it is not for that reader. */
  | { readonly kind: "none" | "refused" };

/** What a module wants in a node of an account, which is made if there is none. */
export interface NodeWish {
  readonly user: Jid;
  readonly node: string;
  readonly items: readonly { readonly id: string; readonly payload: string }[];
  readonly retract: readonly string[];
  /** Fields of its configuration (XEP-0060 16.4.4) if the node is new. */
  readonly options: Readonly<Record<string, string>>;
  /** Fields that an existing node must have so, else nothing is done. */
  readonly required: Readonly<Record<string, string>>;
  readonly by: string;
}

/** Members of a room who miss what was said there, by the room's own rules about whom to tell. */
export interface AbsentMembers {
  /** As an occupant gets it. */
  readonly stanza: Stanza;
  /** The room, with the nickname of whoever said it. */
  readonly from: Jid;
  readonly at: number;
  readonly recipients: readonly { readonly user: Jid; readonly isMentioned: boolean }[];
}

/** Contacts that an account has because of groups that it is in, not because it asked for them. */
export interface SharedContacts {
  /** Another one whenever the items are others. "": there are none. */
  readonly version: string;
  /** Whom the account sees, by bare JID, as they stand in its roster. */
  readonly items: ReadonlyMap<string, RosterItem>;
  /** Does somebody see the account, as things stand? */
  isSeenBy(jid: string): boolean;
  /** Those who do, and are online. */
  watchers(): Iterable<Jid>;
}

/** What is kept for an account that is away. */
export interface OfflineLimits {
  /** Infinity: no limit. */
  readonly maxMessages: number;
  readonly maxBytes: number;
  /** Days until a message expires; 0: never. */
  readonly expireDays: number;
}

/** How an offline message ended. An error goes back to the sender. */
export type OfflineOutcome = "stored" | "ignored" | StanzaError;

/**
 * Every hook of the server. Handlers run in ascending priority; `undefined` passes on to the next one, any other value
 * ends the run and is the result. Priorities of `message/offline` are ejabberd's: 25 strangers, 45 forward plan,
 * 49 archive, 50 store, 55 push, 100 bounce.
 */
export interface Hooks {
  /** A stanza that a local session sent, stamped and well-shaped, before it is routed. */
  "stanza/sent": { event: Packet; result: "drop" };
  /** Stanzas by kind and address class; the result says that somebody dealt with it. */
  "message/host": { event: Packet; result: "handled" };
  "message/bare": { event: Packet; result: "handled" };
  "message/full": { event: Packet; result: "handled" };
  "presence/host": { event: Packet; result: "handled" };
  "presence/bare": { event: Packet; result: "handled" };
  "presence/full": { event: Packet; result: "handled" };
  /** An iq for the host itself, or for an account of it, before those who answer for them. */
  "iq/host": { event: Packet; result: "handled" };
  "iq/bare": { event: Packet; result: "handled" };
  /** A stanza for a service, whatever its kind and address, before all else; fired on the service. */
  "stanza/service": { event: Packet; result: "handled" };
  /** A stanza for an account of the host or one of its resources, before it is delivered. */
  "stanza/incoming": { event: Packet; result: "drop" };
  /** A stanza for a domain that is not served here. */
  "stanza/remote": { event: Packet; result: "handled" };
  /** A connection with another server broke. Does anybody here depend on that server? Then it is looked for. */
  "remote/broken": { event: RemoteServer; result: true };
  /** Another server cannot be reached, for as long by now as stanzas wait for it. */
  "remote/gone": { event: RemoteServer; result: undefined };
  /** One that was gone can be reached again. */
  "remote/back": { event: RemoteServer; result: undefined };
  /** A message is about to be delivered to an account, or to leave for it: is it kept, and under which id? */
  "message/stamp": { event: Packet; result: StampedMessage };
  "message/delivered": { event: MessageDelivery; result: undefined };
  /** Why a message is not kept for an account that is away (XEP-0160 3); no answer: it is kept. */
  "offline/verdict": { event: { readonly stanza: Stanza }; result: string };
  /** How much is kept for an account that is away, and for how long? No answer: nothing keeps messages here. */
  "offline/limits": { event: { readonly user: Jid }; result: OfflineLimits };
  /** Hand over what waits for the account to a resource of it that is there: is there one? */
  "offline/deliver": { event: { readonly user: Jid }; result: boolean };
  /** Would a message of so many bytes be kept, or why not? No answer: nothing keeps messages here. */
  "offline/room": {
    event: { readonly user: Jid; readonly bytes: number };
    result: { readonly refusal: string | null };
  };
  /** A message that an account's resources could not take; see {@link OfflineDelivery}. */
  "message/offline": { event: OfflineDelivery; result: OfflineOutcome };
  /**
   * A request to see an account's presence is going to be kept, because none of its resources is there to ask (RFC 6121
   * 3.1.3); the store commits `forwards`, those planned so far, together with it.
   */
  "subscription/waiting": {
    event: {
      readonly user: Jid;
      readonly from: Jid;
      readonly stanza: Stanza;
      readonly forwards: NewOutboxEvent[];
    };
    result: undefined;
  };
  /** Something was said in a room whose members, accounts of this host, are not all there; see {@link AbsentMembers}. */
  "groupchat/absent": { event: AbsentMembers; result: undefined };
  /** A resource was bound; nothing was routed to it yet. */
  "session/bound": { event: { readonly session: Session }; result: undefined };
  /**
   * A resource is about to be bound together with the login (XEP-0386): what its client should know of the account at once
   * goes into `facts`.
   */
  "session/binding": { event: { readonly user: Jid; readonly facts: Element[] }; result: undefined };
  /** It was bound, with these facts told to its client; fired after `session/bound`. */
  "session/informed": { event: { readonly session: Session; readonly facts: readonly Element[] }; result: undefined };
  /** The client asked for what the account's archive has. */
  "archive/read": { event: { readonly session: Session }; result: undefined };
  /** The session lost its connection and waits for its client to come back (XEP-0198 5). */
  "session/detached": { event: { readonly session: Session }; result: undefined };
  /** The client came back and is sent again what it had not confirmed; `repeated`: messages among it, as stored texts. */
  "session/resumed": { event: { readonly session: Session; readonly repeated: readonly string[] }; result: undefined };
  /** The session is gone; its stream takes nothing any more. */
  "session/closed": { event: { readonly session: Session; readonly reason: string }; result: undefined };
  /** First available presence of a session (RFC 6121 4.2). */
  "presence/initial": { event: { readonly session: Session; readonly stanza: Stanza }; result: undefined };
  /** An available session is no longer: by presence (the stanza), or because it ended (null). RFC 6121 4.5. */
  "presence/gone": { event: { readonly session: Session; readonly stanza: Stanza | null }; result: undefined };
  /** The session's priority became zero or more: it may be given what waits for the account. */
  "session/reachable": { event: { readonly session: Session }; result: undefined };
  /**
   * Somebody asks what a node is, or what is below it (XEP-0030 4): the children of the answer. Fired on the host, for its
   * services and accounts as well; no answer: there is no such node.
   */
  "disco/node": {
    event: { readonly packet: Packet; readonly what: "info" | "items"; readonly node: string };
    result: readonly Element[] | StanzaError;
  };
  /**
   * A user wants notifications published to a node of a service, or no more; a node that is null stands for all of theirs.
   * Fired on the service (XEP-0357 5, 6). `done`: it sees to that itself; no answer: it is no app server, or knows nothing of it.
   */
  "push/enabling": {
    event: { readonly user: Jid; readonly node: string | null; readonly isEnabled: boolean };
    result: "done" | StanzaError;
  };
  /** A client registered, enabled, disabled or removed a device of its account. */
  "device/changed": { event: { readonly user: Jid }; result: undefined };
  /** What is below an account, beside what the core knows (XEP-0030 4): more children of the answer. */
  "disco/account-items": { event: { readonly packet: Packet }; result: readonly Element[] | StanzaError };
  /** Nodes of an account (XEP-0163) have changed, and those who want to know have been told. `by`: a client, or a module. */
  "pep/changed": { event: NodeChanged; result: undefined };
  /** Changes an account's nodes in its name; see {@link NodeWish}. No answer: accounts have no nodes here. */
  "pep/publish": { event: NodeWish; result: "done" | StanzaError };
  /** Asks for an item of an account's node: that of the id, or the newest (null). No answer: there is no such node. */
  "pep/item": {
    event: { readonly user: Jid; readonly node: string; readonly id: string | null; readonly reader: Jid };
    result: NodeItem;
  };
  /** A client looks into a node that its account does not have. True: it is to find it empty. */
  "pep/absent": { event: { readonly user: Jid; readonly node: string }; result: true };
  /** Private XML (XEP-0049) is asked for; the answer takes the place of what is stored (as text; null: nothing). */
  "private/get": {
    event: { readonly user: Jid; readonly ns: string; readonly name: string; readonly stored: string | null };
    result: string;
  };
  /** An account has stored private XML. */
  "private/changed": { event: { readonly user: Jid; readonly element: Element }; result: undefined };
  /** Which picture does the vCard of an account (XEP-0054) show to somebody? null: none. No answer: the one in it. */
  "vcard/photo": {
    event: { readonly user: Jid; readonly reader: Jid };
    result: { readonly photo: { readonly type: string; readonly base64: string } | null };
  };
  /** An account has stored a vCard. */
  "vcard/changed": { event: { readonly user: Jid; readonly card: Element }; result: undefined };
  /** Asks for the contacts that a local account has by way of groups. No answer: none. */
  "roster/shared": { event: { readonly user: Jid }; result: SharedContacts };
  /** Those may be others now, for these accounts of the host; null: for any. */
  "roster/shared-changed": { event: { readonly users: readonly Jid[] | null }; result: undefined };
  /** Groups of the host, or their members, have been changed in the store. */
  "groups/changed": { event: { readonly names: readonly string[] }; result: undefined };
  /** The account's clients are told of a contact: `item` as in a push, in that version of the contact list (RFC 6121 2.1.6). */
  "roster/pushed": {
    event: { readonly user: Jid; readonly item: Element; readonly version: string };
    result: undefined;
  };
  /** Asks for the contacts of a local account. */
  "roster/contacts": { event: { readonly user: Jid }; result: Contacts };
  /** `contact` and `user`, a local account, have agreed to see each other's presence: it is entered in the roster as it is. */
  "roster/agreed": { event: { readonly user: Jid; readonly contact: Jid }; result: undefined };
  /**
   * An admin sets right what a local account has as a contact, on this side only; null: it is taken out. `full`: the roster
   * takes no more. No answer: accounts have no roster here.
   */
  "roster/corrected": {
    event: {
      readonly user: Jid;
      readonly contact: Jid;
      readonly item: Pick<RosterItem, "name" | "groups" | "subscription"> | null;
    };
    result: "done" | "full" | "unknown";
  };
  /** `user`, a local account, wants `contact` as a contact and approves its request, also one that is still to come. */
  "roster/welcome": { event: { readonly user: Jid; readonly contact: Jid }; result: undefined };
  /** A local account has blocked somebody: the entries as it gave them (XEP-0191 3.3). */
  "account/blocked": { event: { readonly user: Jid; readonly items: readonly Element[] }; result: undefined };
  /** A report of spam or abuse is kept. */
  "report/added": { event: { readonly id: string }; result: undefined };
  /** Does `user`, a local account, want nothing to do with `other`? No answer: it has said nothing of the kind. */
  "stanza/blocked": { event: { readonly user: Jid; readonly other: Jid }; result: true };
  /** May `from` see the presence of `user` (probe, last activity)? */
  "presence/visible": { event: { readonly user: Jid; readonly from: Jid }; result: boolean };
  /** Somebody has applied for an account that an admin has to approve. */
  "account/applied": { event: { readonly user: Jid; readonly address: string }; result: undefined };
  "account/created": {
    event: { readonly user: Jid; readonly via: string; readonly address: string | null };
    result: undefined;
  };
  /** What an account owns was changed in the store, beside those who keep it in memory. */
  "account/imported": { event: { readonly user: Jid }; result: undefined };
  /** The account is about to be removed with all that it owns. */
  "account/removing": { event: { readonly user: Jid }; result: undefined };
  "account/removed": { event: { readonly user: Jid }; result: undefined };
  "account/password-changed": { event: { readonly user: Jid }; result: undefined };
}

export type HookName = keyof Hooks;
export type HookEvent<N extends HookName> = Hooks[N]["event"];
export type HookResult<N extends HookName> = Hooks[N]["result"] | undefined;
export type Handler<N extends HookName> = (event: HookEvent<N>) => HookResult<N> | Promise<HookResult<N>>;
