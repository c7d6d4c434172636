import { z } from "zod";
import { Done, endpoint, HostName, JidText, secret, Timestamp } from "./endpoint.ts";
import { stanzaKinds } from "./words.ts";

export const StanzaKind = z.enum(stanzaKinds);
export type StanzaKind = z.infer<typeof StanzaKind>;

/** Which stanzas somebody wants to see: those that all of these say. */
export const StanzaFilter = z.object({
  host: HostName.optional(),
  jid: JidText.optional().describe(
    "whose session it is, or who is in `from` or `to`; a bare JID stands for its resources",
  ),
  kind: StanzaKind.optional(),
  ns: z.string().max(255).optional().describe("namespace of something in the stanza"),
  direction: z.enum(["in", "out"]).optional().describe("`in`: from a client"),
});
export type StanzaFilter = z.infer<typeof StanzaFilter>;

/** The permission to look at traffic for a while, as somebody was given it. */
export const StanzaWatch = z.object({
  id: z.string(),
  by: z.string(),
  filter: StanzaFilter,
  startedAt: Timestamp,
  expiresAt: Timestamp.describe("then it ends by itself"),
  revealed: z.boolean().describe("texts are shown"),
  open: z.boolean().describe("somebody is following it just now"),
  matched: z.int().describe("stanzas that matched while it was followed"),
  shown: z.int().describe("how many of them were sent"),
});
export type StanzaWatch = z.infer<typeof StanzaWatch>;

/** A stanza as a watch shows it. */
export const StanzaRecord = z.object({
  watch: z.string(),
  /** Grows by one from row to row of a watch. */
  seq: z.int(),
  at: Timestamp,
  direction: z.enum(["in", "out"]),
  jid: z.string().describe("full JID of the session"),
  kind: StanzaKind,
  type: z.string().nullable(),
  id: z.string().nullable(),
  payload: z.string().nullable().describe("name and namespace of the first thing in it"),
  bytes: z.int(),
  xml: z.string().describe("with texts and tokens masked, unless the watch reveals them"),
  masked: z.boolean(),
  missed: z.int().describe("stanzas that matched since the row before and were not sent: there were too many"),
});
export type StanzaRecord = z.infer<typeof StanzaRecord>;

const inspect = { permission: "stanzas:inspect" } as const;
const Id = z.object({ id: z.string().max(64) });

export const stanzas = {
  watches: endpoint("GET", "/stanzas/watches", { ...inspect, filtered: true }, "Who looks at traffic just now").output(
    z.object({ items: z.array(StanzaWatch) }),
  ),
  watch: endpoint(
    "POST",
    "/stanzas/watches",
    { ...inspect, audit: "stanzas.watch", host: "host", filtered: true },
    "Begin to look at traffic, with texts masked: follow the topic `stanzas` with the id of the watch. Ends after 15 minutes",
  )
    .input(StanzaFilter)
    .output(StanzaWatch),
  reveal: endpoint(
    "POST",
    "/stanzas/watches/{id}/reveal",
    { permission: "bodies:read", audit: "stanzas.reveal", filtered: true },
    "Show texts in a watch of one's own from now on",
  )
    .input(Id)
    .output(StanzaWatch),
  stop: endpoint(
    "DELETE",
    "/stanzas/watches/{id}",
    { ...inspect, audit: "stanzas.stop", filtered: true },
    "End a watch",
  )
    .input(Id)
    .output(Done),
  send: endpoint(
    "POST",
    "/stanzas",
    { permission: "stanzas:send", audit: "stanzas.send", host: "from" },
    "Send a stanza in the name of an address that is served here, and see what answers it",
  )
    .input(
      z.object({
        from: JidText.describe("a host, a service of one, or an account; whatever `from` the stanza has"),
        xml: secret(z.string().min(1).max(65_536)).describe("one stanza; its namespace may be left out"),
      }),
    )
    .output(
      z.object({
        xml: z.string().describe("as it was sent"),
        answer: z
          .string()
          .nullable()
          .describe("the result or error that came back, of an iq within 5 seconds; null: none did"),
      }),
    ),
};
