import type { z } from "zod";
import type { Element } from "../xmpp/element.ts";
import type { Stanza } from "../xmpp/stanza.ts";
import type { Command } from "./command.ts";
import type { Core } from "./core.ts";
import type { Handler, HookName } from "./hooks.ts";
import type { Host } from "./host.ts";
import type { InlineFeature, SessionFeature } from "./inline.ts";
import type { Log } from "./log.ts";
import type { NegotiatingStream } from "./negotiation.ts";
import type { Packet } from "./router.ts";
import type { ServiceContext } from "./service.ts";

/** A protocol that a module implements, for disco, docs/protocols.md and the DOAP file. */
export interface Xep {
  readonly number: number;
  readonly version: string;
  readonly status?: "complete" | "partial";
  readonly note?: string;
}

/**
 * What an iq handler answers: a payload for the result, `null` for an empty result, `"answered"` when it sends the reply
 * itself. Throw a StanzaError for an error.
 */
export type IqAnswer = Element | null | "answered";
export type IqHandler = (iq: Stanza, packet: Packet) => IqAnswer | Promise<IqAnswer>;

/**
 * Who the iq is for: the server (`host`), an account, answered by the server on its behalf (RFC 6120 8.5.2.1), or whichever
 * service of the host (`service`), unless that service has a handler of its own.
 */
export type IqAddress = "host" | "account" | "service";

/** A stream feature (RFC 6120 4.3): advertised when `offer` gives an element, negotiated by `handle`. */
export interface StreamFeature {
  readonly name: string;
  /** Position in `<stream:features/>` (XEP-0170): smaller first. */
  readonly order: number;
  /** May be negotiated on an unencrypted stream where TLS is required: what brings the encryption about. */
  readonly isAllowedBeforeTls?: boolean;
  /** Finds out what `offer` has to know, at each header; undefined when it knows. The features wait for it. */
  prepare?(stream: NegotiatingStream): Promise<void> | undefined;
  offer(stream: NegotiatingStream): Element | undefined;
  /** Answers a try that came before the required TLS; without it the core does. */
  refuse?(stream: NegotiatingStream, stanza: Stanza): void;
  /** Top-level elements, or payloads of iqs sent before a resource is bound, that this feature deals with. */
  readonly handles: readonly (readonly [ns: string, name: string])[];
  handle(stream: NegotiatingStream, stanza: Stanza): void | Promise<void>;
}

export interface Identity {
  readonly category: string;
  readonly type: string;
  readonly name?: string;
}

/** What a module gets to work with. Everything registered through it is undone when the module stops. */
export interface ModuleContext<Options> {
  readonly host: Host;
  readonly core: Core;
  readonly options: Options;
  readonly log: Log;
  /** Aborted when the module stops. */
  readonly signal: AbortSignal;
  hook<N extends HookName>(name: N, handler: Handler<N>, priority?: number): void;
  iq(
    address: IqAddress | readonly IqAddress[],
    type: "get" | "set",
    payload: readonly [ns: string, name: string],
    handler: IqHandler,
  ): void;
  /** Namespace listed by disco#info of the host, of its accounts, of both, or of all its services. */
  feature(namespace: string, of?: IqAddress | "both" | readonly IqAddress[]): void;
  identity(identity: Identity, of?: IqAddress): void;
  /** A data form for disco#info (XEP-0128), of the type `result` and with a FORM_TYPE. */
  extendedInfo(form: Element, of?: IqAddress): void;
  streamFeature(feature: StreamFeature): void;
  /** Something that clients may ask for together with their login. */
  inlineFeature(feature: InlineFeature): void;
  /** Something that clients may have switched on by the request that binds their resource. */
  sessionFeature(feature: SessionFeature): void;
  /** A command of the host (XEP-0050). */
  command(command: Command): void;
  /**
   * Serves another domain beside the host, `label` being its name for people; `@HOST@` in the domain stands for the host. It
   * goes when the module stops. null: the host is an IP address, which has no names below it. Throws Error when the name is
   * no domain, a virtual host or another service.
   */
  service(domain: string, label: string): ServiceContext | null;
  /** Runs `task` every `intervalMs` while the module runs; a run that is still going is not started again. */
  every(intervalMs: number, task: () => void | Promise<void>): void;
  /** Runs when the module stops, last registered first. */
  onStop(cleanup: () => void): void;
}

export interface ModuleDefinition<Schema extends z.ZodType = z.ZodType> {
  readonly name: string;
  /** One sentence for people: what it does. */
  readonly summary: string;
  readonly xeps: readonly Xep[];
  /** RFCs and other documents, for docs/protocols.md. */
  readonly rfcs?: readonly string[];
  readonly options: Schema;
  /** Runs when the policy says nothing about it. */
  readonly enabledByDefault?: boolean;
  /** Modules that must run on the same host. */
  readonly requires?: readonly string[];
  /** Access rules that it asks by a fixed name; those that its options name are not listed. */
  readonly accessRules?: readonly string[];
  start(context: ModuleContext<z.infer<Schema>>): void | Promise<void>;
}

/** Declares a module: one value, started once for each host that has it enabled. */
export function defineModule<Schema extends z.ZodType>(definition: ModuleDefinition<Schema>): ModuleDefinition<Schema> {
  return definition;
}
