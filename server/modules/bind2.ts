import { randomBytes } from "node:crypto";
import { z } from "zod";
import type { SessionFeature } from "../core/inline.ts";
import { defineModule } from "../core/module.ts";
import type { NegotiatingStream } from "../core/negotiation.ts";
import type { Session } from "../core/session.ts";
import { el, type Element } from "../xmpp/element.ts";
import { StanzaError, StreamError } from "../xmpp/errors.ts";
import { KeptElement } from "../xmpp/kept-element.ts";

const NS_BIND2 = "urn:xmpp:bind:0";
/** Characters of a tag that go into the resource. */
const maxTagLength = 64;

/** Binding of a resource in the login itself, with all that a session is to begin with (XEP-0386). */
export const bind2 = defineModule({
  name: "bind2",
  summary: "Gives clients their address and their session's features in one step with the login.",
  xeps: [
    {
      number: 386,
      version: "1.1.0",
      note: "The resource of a client that tells its id is the same at each login.",
    },
  ],
  requires: ["sasl2", "bind"],
  options: z.strictObject({}),
  start(context) {
    const { host, log } = context;
    const offer = new KeptElement();
    context.inlineFeature({
      name: "bind2",
      order: 20,
      handles: [NS_BIND2, "bind"],
      offer: () =>
        offer.of(host.sessionFeatures, () => {
          const features = host.sessionFeatures.map((feature) => el("feature", NS_BIND2, { var: feature.var }));
          const inline = features.length === 0 ? undefined : el("inline", NS_BIND2, undefined, ...features);
          return el("bind", NS_BIND2, undefined, inline);
        }),
      async perform(login, request) {
        const { stream } = login;
        const user = stream.account!;
        const facts: Element[] = [];
        await host.hooks.fire("session/binding", { user, facts });
        let session: Session | null = null;
        try {
          await stream.bind(resourceFor(stream, tagOf(request)), "closeold", (bound) => {
            session = bound;
            const answers = enableAll(host.sessionFeatures, bound, request);
            login.add(el("bound", NS_BIND2, undefined, ...facts, ...answers));
            login.finish();
          });
        } catch (error) {
          if (!(error instanceof StanzaError)) throw error;
          // The client is logged in and not bound, which it sees, and may bind by RFC 6120 7 to be told why not.
          log.info("no resource could be bound with the login", { jid: user.bare, condition: error.condition });
        }
        if (session === null) return;
        endEarlier(session);
        await host.hooks.fire("session/informed", { session, facts });
      },
    });

    // XEP-0386 3.2: one client, one session, whatever its tag was before.
    const endEarlier = (session: Session): void => {
      const { agent } = session;
      if (agent === null) return;
      for (const other of [...context.core.sessions.of(session.bare)]) {
        if (other !== session && other.agent?.id === agent.id)
          other.close(new StreamError("conflict", "the client has begun another session"));
      }
    };
  },
});

function tagOf(request: Element): string {
  const tag = (request.childText("tag", NS_BIND2) ?? "").replaceAll(/[^\p{L}\p{M}\p{N}\p{P}\p{S} ]/gu, "").trim();
  return Array.from(tag).slice(0, maxTagLength).join("");
}

/** XEP-0386 3.2.1: the client's tag, and what makes it its own. */
function resourceFor({ account, agent, core }: NegotiatingStream, tag: string): string {
  const own = agent === null ? randomBytes(9).toString("base64url") : core.clients.resourceOf(account!, agent.id, tag);
  return tag === "" ? own : `${tag}/${own}`;
}

/** Switches on what the request names, each once; answers what is to be told of it. */
function enableAll(features: readonly SessionFeature[], session: Session, request: Element): Element[] {
  const answers: Element[] = [];
  for (const feature of features) {
    const wanted = request
      .elements()
      .find(({ ns, name }) => feature.handles.some((one) => one[0] === ns && one[1] === name));
    const answer = wanted && feature.enable(session, wanted);
    if (answer !== undefined) answers.push(answer);
  }
  return answers;
}
