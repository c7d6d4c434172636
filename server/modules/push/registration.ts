import type { Core } from "../../core/core.ts";
import type { Element } from "../../xmpp/element.ts";
import { StanzaError } from "../../xmpp/errors.ts";
import { parseForm } from "../../xmpp/forms.ts";
import { Jid } from "../../xmpp/jid.ts";
import { NS } from "../../xmpp/namespaces.ts";

const maxNodeLength = 1024;

type Targets = Core["policy"]["document"]["forward"]["targets"];
type AppServerTarget = Extract<Targets[string], { kind: "xep0357" }>;

/** Where a client wants notifications published. */
export interface AppServer {
  readonly jid: Jid;
  readonly node: string | null;
}

/** Reads `<enable/>` or `<disable/>` (XEP-0357 5, 6). Throws StanzaError. */
export function appServerOf(request: Element): AppServer {
  const text = request.attr("jid");
  if (text === undefined) throw StanzaError.of("bad-request", "the attribute jid is missing");
  const jid = Jid.tryParse(text);
  if (jid === undefined) throw StanzaError.of("jid-malformed");
  // XEP-0357 5: a node is a SHOULD; some app servers have none.
  const node = request.attr("node") ?? "";
  if (node.length > maxNodeLength) throw StanzaError.of("policy-violation", `no more than ${maxNodeLength} characters`);
  return { jid, node: node === "" ? null : node };
}

/** The form that comes with `<enable/>`, as XML to be sent back with each publish; undefined: there is none. Throws StanzaError. */
export function publishOptionsOf(request: Element, maxBytes: number): string | undefined {
  const form = request.child("x", NS.forms);
  if (form === undefined) return undefined;
  if (parseForm(form) === undefined) throw StanzaError.of("bad-request", "not a data form");
  const xml = form.toString();
  if (Buffer.byteLength(xml) > maxBytes) throw StanzaError.of("policy-violation", `no more than ${maxBytes} bytes`);
  return xml;
}

/** The name under which a device of this app server is unique for its user. */
export function tokenOf({ jid, node }: AppServer): string {
  return node === null ? jid.full : `${jid.full} ${node}`;
}

/** The policy's targets for app servers that clients name themselves. */
export function appServerTargets(targets: Targets): [string, AppServerTarget][] {
  return Object.entries(targets).flatMap(([name, target]): [string, AppServerTarget][] =>
    target.kind === "xep0357" ? [[name, target]] : [],
  );
}

/** The target that admits an app server's domain: one that names it before one that takes all. */
export function targetFor(
  targets: readonly (readonly [string, AppServerTarget])[],
  domain: string,
): string | undefined {
  const naming = targets.find(([, { domains }]) => domains.some((one) => Jid.tryParse(one)?.full === domain));
  return (naming ?? targets.find(([, { domains }]) => domains.length === 0))?.[0];
}
