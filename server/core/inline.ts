import type { Element } from "../xmpp/element.ts";
import type { NegotiatingStream } from "./negotiation.ts";
import type { Session } from "./session.ts";

/** A login whose success has not been told yet, while what the client asked for with it is done (XEP-0388 2.6.1). */
export interface InlineLogin {
  readonly stream: NegotiatingStream;
  /** The children of the request. */
  readonly request: Element;
  /** Puts an element into the success; for before {@link finish}. */
  add(element: Element): void;
  /**
   * Tells the success, with all that was added. Whoever gives the stream a session calls it in the same turn, so that
   * nothing routed to the session gets ahead of it. The features of the stream follow, unless an earlier session goes on
   * (XEP-0198 6.2). Called again it does nothing.
   */
  finish(isResumed?: boolean): void;
  readonly isFinished: boolean;
}

/** What a client may ask for in the same breath as it logs in (XEP-0388 2.1). */
export interface InlineFeature {
  readonly name: string;
  /** They run one after the other, smaller first: 10 resumes a session, 20 binds a resource (XEP-0386 3.2). */
  readonly order: number;
  /** The child of the request that asks for it. */
  readonly handles: readonly [ns: string, name: string];
  /** What `<inline/>` says of it; undefined: nothing. */
  offer(stream: NegotiatingStream): Element | undefined;
  /** The client is authenticated. Throws StreamError, which ends the stream. */
  perform(login: InlineLogin, request: Element): void | Promise<void>;
}

/** What a client may have switched on for a session by the request that binds its resource (XEP-0386 3.1). */
export interface SessionFeature {
  readonly name: string;
  /** Told to clients: the namespace or the feature name of the extension. */
  readonly var: string;
  /** Children of the request that ask for it. */
  readonly handles: readonly (readonly [ns: string, name: string])[];
  /** The session is bound and nothing was routed to it. The answer, if any, goes into `<bound/>`. Must not throw. */
  enable(session: Session, request: Element): Element | undefined;
}
