import { z } from "zod";
import { defineModule } from "../../core/module.ts";
import { PerMinute } from "../../core/per-minute.ts";
import type { Element } from "../../xmpp/element.ts";
import { StanzaError } from "../../xmpp/errors.ts";
import { Jid } from "../../xmpp/jid.ts";
import { readStored } from "../../xmpp/stored.ts";
import { fieldsOf, isPublic, keysOf, searchFields } from "./card.ts";
import { NS_SEARCH, readSearch, searchForm, searchResult } from "./form.ts";

const indexStep = 200;

export const search = defineModule({
  name: "search",
  summary: "Lets users find each other by what their vCards say.",
  xeps: [{ number: 55, version: "1.3" }],
  enabledByDefault: false,
  options: z.strictObject({
    host: z
      .string()
      .min(1)
      .max(1023)
      .default("vjud.@HOST@")
      .describe("Address of the service; `@HOST@` stands for the host."),
    access: z.string().min(1).max(64).default("local").describe("Access rule: who may search."),
    fields: z
      .array(z.enum(searchFields))
      .min(1)
      .max(searchFields.length)
      .default(["first", "last", "nick"])
      .describe("What is searched, and shown of those who are found."),
    listed: z
      .enum(["public", "everybody"])
      .default("public")
      .describe("Who can be found: accounts whose vCard is of the class PUBLIC, or all that have one."),
    max_results: z.int().min(1).max(500).default(50).describe("Accounts of one answer."),
    max_searches_per_minute: z.int().min(1).max(1000).default(10).describe("Searches of one account in a minute."),
  }),
  requires: ["vcard"],
  start(ctx) {
    const { core, host, options, log } = ctx;
    const { directory } = core.stores;
    const serve = ctx.service(options.host, "User Directory");
    if (serve === null) return;
    const fields = searchFields.filter((field) => options.fields.includes(field));
    const rate = new PerMinute(options.max_searches_per_minute);
    serve.identity({ category: "directory", type: "user", name: "User Directory" });
    serve.feature(NS_SEARCH);

    serve.iq("host", "get", [NS_SEARCH, "query"], (_iq, { from, origin }) => {
      requireAllowed(from, origin.session?.link.address ?? null);
      return searchForm(fields);
    });
    serve.iq("host", "set", [NS_SEARCH, "query"], async (iq, { from, origin }) => {
      requireAllowed(from, origin.session?.link.address ?? null);
      const { terms, isForm } = readSearch(iq.payload!, fields);
      if (!rate.take(from.bare, core.clock.now())) throw StanzaError.of("resource-constraint", "too many searches");
      const found = await directory.find(host.name, terms, options.max_results);
      const people = found.map(({ local, fields: values }) => ({
        jid: Jid.of(local, host.name).bare,
        fields: values,
      }));
      return searchResult(people, fields, isForm);
    });
    const requireAllowed = (from: Jid, ip: string | null): void => {
      if (!core.policy.allows(options.access, { jid: from.toBare(), ip, host: host.name }))
        throw StanzaError.of("forbidden");
    };

    const index = async (local: string, card: Element | null): Promise<void> => {
      const isListed = card !== null && (options.listed === "everybody" || isPublic(card));
      const values = isListed ? fieldsOf(card, fields) : null;
      const keys = Object.entries(values ?? {}).flatMap(([field, text]) => keysOf(text).map((key) => ({ field, key })));
      await directory.put(host.name, local, values, keys);
    };
    ctx.hook("vcard/changed", async ({ user, card }) => {
      await index(user.local, card);
      return undefined;
    });

    /** What was said while nobody looked, or while other fields were searched. */
    const indexAll = async (): Promise<void> => {
      while (!ctx.signal.aborted && (await directory.clear(host.name, indexStep)) >= indexStep);
      for (let after = ""; !ctx.signal.aborted;) {
        const cards = await directory.unlisted(host.name, after, indexStep);
        for (const { local, vcard } of cards) await index(local, readStored(vcard));
        if (cards.length < indexStep) return;
        after = cards.at(-1)!.local;
      }
    };
    indexAll().catch((error: unknown) => {
      if (!ctx.signal.aborted) log.error("the user directory is not complete", { error: String(error) });
    });
  },
});
