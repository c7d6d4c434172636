import { z } from "zod";
import { Done, endpoint, HostName, pageOf, PageInput, Timestamp } from "./endpoint.ts";
import { Negation } from "./negation.ts";
import { linkDirections, linkStates } from "./words.ts";

export const LinkDirection = z.enum(linkDirections);
export const LinkState = z.enum(linkStates);
export const LinkFaultCode = z.enum([
  "not-found",
  "dns-failed",
  "unreachable",
  "timeout",
  "no-tls",
  "not-proved",
  "refused",
  "lost",
  "policy",
  "closed",
  "overload",
]);

/** A link with another server: one pair of domains in one direction. */
export const Link = z.object({
  id: z.string(),
  direction: LinkDirection.describe("who opened the connection: the other server, or this one"),
  local: HostName.describe("the domain here: a virtual host or a service of one"),
  host: HostName.describe("the virtual host that it belongs to"),
  remote: z.string().nullable().describe("the domain elsewhere; null: the other server has not said"),
  state: LinkState.describe(
    "`unproved`: connected, and nobody had to prove who they are yet; `waiting`: it failed, and is tried again; `idle`: there is no connection",
  ),
  address: z.string().nullable(),
  tls: z.object({ protocol: z.string(), cipher: z.string() }).nullable(),
  certified: z.boolean().describe("the other server has shown a valid certificate of its domain"),
  proof: z.enum(["external", "dialback"]).nullable().describe("how whoever opened it has proved its domain"),
  bidirectional: z.boolean().describe("stanzas go both ways on it (XEP-0288)"),
  since: Timestamp.describe("since when it is in this state"),
  sent: z.int().describe("stanzas to the other server"),
  received: z.int().describe("stanzas from the other server"),
  queued: z.object({ stanzas: z.int(), length: z.int().describe("UTF-16 units") }),
  retryAt: Timestamp.nullable(),
  lastError: z.object({ code: LinkFaultCode, text: z.string(), at: Timestamp }).nullable(),
});
export type Link = z.infer<typeof Link>;

const ById = z.object({ id: z.string().min(1).max(64) });

export const links = {
  list: endpoint(
    "GET",
    "/links",
    { permission: "links:read", host: "host", filtered: true },
    "Links with other servers, ordered by domain",
  )
    .input(
      PageInput.extend({
        host: HostName.optional(),
        direction: LinkDirection.optional(),
        state: LinkState.optional(),
        search: z.string().max(255).optional(),
        not: Negation("direction", "state"),
      }),
    )
    .output(
      pageOf(Link).extend({
        isOpen: z.boolean().describe("the access rule `s2s_access` lets some host talk to other servers"),
        listeners: z.array(
          z.object({ name: z.string(), address: z.string(), port: z.int(), error: z.string().nullable() }),
        ),
      }),
    ),
  close: endpoint(
    "POST",
    "/links/{id}/close",
    { permission: "links:write", audit: "link.close" },
    "End a link; what waits for it comes back to its senders",
  )
    .input(ById)
    .output(Done),
  retry: endpoint(
    "POST",
    "/links/{id}/retry",
    { permission: "links:write", audit: "link.retry" },
    "Connect now, however long it was to wait",
  )
    .input(ById)
    .output(Done),
};
