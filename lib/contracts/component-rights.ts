import { z } from "zod";

/** What of iqs a component may ask in the name of an account (XEP-0356 4.1, 6.1). */
export const IqRight = z.enum(["get", "set", "both"]);
export type IqRight = z.infer<typeof IqRight>;

const Namespace = z.string().min(1).max(1000);

/** What a component may do beyond its own domain, in the name of the accounts of its host (XEP-0356). */
export const Privileges = z
  .strictObject({
    roster: z
      .enum(["none", ...IqRight.options])
      .default("none")
      .describe("Reads (`get`) or changes (`set`) the contact lists of all accounts, or both."),
    push: z.boolean().default(true).describe("It is told of changes of contact lists, if it may read them."),
    message: z
      .enum(["none", "outgoing"])
      .default("none")
      .describe("`outgoing`: it sends messages in the name of the host and of its accounts."),
    presence: z
      .enum(["none", "managed_entity", "roster"])
      .default("none")
      .describe(
        "`managed_entity`: it hears who of the host is available; `roster`: who of their contacts is, too, for which it must be allowed to read contact lists.",
      ),
    iq: z
      .record(Namespace, IqRight)
      .refine((namespaces) => Object.keys(namespaces).length <= 50, { message: "at most 50 namespaces" })
      .default({})
      .describe("Requests that it sends in the name of accounts, by the namespace of what they ask for."),
  })
  .refine(({ presence, roster }) => presence !== "roster" || roster === "get" || roster === "both", {
    path: ["presence"],
    message: "needs the right to read contact lists: `roster` has to be `get` or `both`",
  });
export type Privileges = z.infer<typeof Privileges>;

/** Service discovery of accounts that nobody else answers, as a namespace to be delegated (XEP-0355 7.2.4, 7.2.5). */
export const remainingDisco = {
  info: "urn:xmpp:delegation:2:bare:disco#info:*",
  items: "urn:xmpp:delegation:2:bare:disco#items:*",
} as const;

export function isRemainingDisco(namespace: string): boolean {
  return namespace === remainingDisco.info || namespace === remainingDisco.items;
}

/** Requests for the host and its accounts that a component answers instead of the server (XEP-0355). */
export const Delegation = z.strictObject({
  namespace: Namespace.refine(
    (namespace) => isRemainingDisco(namespace) || !/^urn:xmpp:(delegation|privilege):/.test(namespace),
    { message: "cannot be delegated" },
  ).describe(
    `Namespace of what is asked for, such as \`urn:xmpp:mam:2\`. \`${remainingDisco.info}\` and \`${remainingDisco.items}\` stand for the nodes of accounts that the server does not know.`,
  ),
  attributes: z
    .array(z.string().min(1).max(100))
    .max(10)
    .default([])
    .describe("Only requests whose payload has all of these attributes."),
});
export type Delegation = z.infer<typeof Delegation>;

export const Delegations = z.array(Delegation).max(50);
