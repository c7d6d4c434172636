import type { Core } from "../core/core.ts";
import { el } from "../xmpp/element.ts";
import { StreamError } from "../xmpp/errors.ts";
import { JidError } from "../xmpp/jid.ts";
import { NS } from "../xmpp/namespaces.ts";
import { Stanza } from "../xmpp/stanza.ts";
import type { Publish, PublishAnswer } from "./transport.ts";

/** The way to another server may have to be opened first. */
const answerMs = 30_000;

/** Sends publishes to app servers in the name of the hosts (XEP-0357 7), for the thread that has no streams. */
export function publisher({ router, hosts }: Pick<Core, "router" | "hosts">): Publish {
  return async ({ host, jid, payload }) => {
    if (hosts.get(host) === undefined)
      return refusal("cancel", "item-not-found", `${host} is not served here any more`);
    try {
      const iq = Stanza.from(el("iq", NS.client, { type: "set", from: host, to: jid }, Stanza.parse(payload).element));
      return answerOf(await router.ask(iq, answerMs));
    } catch (error) {
      // What a client once gave as its app server's address or options no longer passes.
      if (error instanceof JidError) return refusal("modify", "jid-malformed", error.message);
      if (error instanceof StreamError) return refusal("modify", "bad-request", error.message);
      throw error;
    }
  };
}

function answerOf(answer: Stanza | null): PublishAnswer {
  if (answer === null) return { kind: "timeout" };
  if (answer.type === "result") return { kind: "result" };
  const error = answer.child("error");
  const conditions = error?.elements().filter(({ ns, name }) => ns === NS.stanzas && name !== "text") ?? [];
  const condition = conditions[0]?.name ?? "undefined-condition";
  return refusal(error?.attr("type") ?? "cancel", condition, error?.childText("text", NS.stanzas) ?? "");
}

function refusal(type: string, condition: string, text: string): PublishAnswer {
  return { kind: "error", type, condition, text };
}
