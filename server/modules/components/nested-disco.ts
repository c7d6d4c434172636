import type { Identity, ModuleContext } from "../../core/module.ts";
import { type Element, el } from "../../xmpp/element.ts";
import { NS } from "../../xmpp/namespaces.ts";
import { Stanza } from "../../xmpp/stanza.ts";
import type { ExternalComponent } from "./external-component.ts";
import { NS_DELEGATION } from "./namespaces.ts";

const answerMs = 60_000;
/** Features, identities and forms of one namespace that it may tell of the host, and as many of its accounts. */
const maxTold = 200;

/** While a component is connected, what it has to offer in its namespaces is told of the host and of the accounts (XEP-0355 7.2). */
export function nestDisco(
  ctx: ModuleContext<unknown>,
  component: ExternalComponent,
  namespaces: readonly string[],
): void {
  const { core, host } = ctx;
  const told: (() => void)[] = [];
  const untell = (): void => {
    for (const remove of told.splice(0)) remove();
  };
  const nest = async (of: "host" | "account", namespace: string): Promise<void> => {
    const node = `${NS_DELEGATION}${of === "host" ? "::" : ":bare:"}${namespace}`;
    const query = el("query", NS.discoInfo, { node });
    const iq = el("iq", NS.client, { type: "get", from: host.name, to: component.domain }, query);
    const { connection } = component;
    const reply = await core.router.ask(Stanza.from(iq), answerMs);
    const info = reply?.type === "result" ? reply.child("query", NS.discoInfo) : undefined;
    if (info === undefined || component.connection !== connection || ctx.signal.aborted) return;
    told.push(host.replaceInfo(of, { namespace, ...infoIn(info) }));
  };
  component.follow(() => {
    untell();
    for (const namespace of namespaces) {
      void nest("host", namespace);
      void nest("account", namespace);
    }
  }, untell);
  ctx.onStop(untell);
}

function infoIn(info: Element): { features: string[]; identities: Identity[]; forms: Element[] } {
  return {
    features: info
      .elements("feature")
      .map((feature) => feature.attr("var") ?? "")
      .filter((name) => name !== "")
      .slice(0, maxTold),
    identities: info.elements("identity").flatMap(identityIn).slice(0, maxTold),
    forms: info.elements("x", NS.forms).slice(0, maxTold),
  };
}

function identityIn(identity: Element): Identity[] {
  const [category = "", type = "", name] = ["category", "type", "name"].map((key) => identity.attr(key));
  if (category === "" || type === "") return [];
  return [{ category, type, ...(name === undefined ? {} : { name }) }];
}
