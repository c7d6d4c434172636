import { z } from "zod";
import { Finding } from "./doctor.ts";
import { endpoint, HostName, JidText, secret } from "./endpoint.ts";
import { Password } from "./users.ts";

const Token = secret(z.string().max(256));

export const setup = {
  /** One transaction: host, account, ACL line `admin: user JID`, access rule `configure`. */
  complete: endpoint(
    "POST",
    "/setup",
    { permission: "public", audit: "setup.complete" },
    "Create the first host and the first admin; works once, with the printed token",
  )
    .input(
      z.object({
        token: Token.default("").describe("Not asked of the control socket."),
        host: HostName,
        admin: JidText,
        password: Password,
        registration: z.enum(["closed", "open"]).default("closed"),
      }),
    )
    .output(z.object({ jid: JidText })),
  state: endpoint("GET", "/setup", { permission: "public" }, "Is set-up still open, and is this token good")
    .input(z.object({ token: Token.optional() }))
    .output(z.object({ open: z.boolean(), tokenValid: z.boolean(), suggestedHost: HostName })),
  names: endpoint(
    "GET",
    "/setup/names",
    { permission: "public" },
    "What the DNS says of a host that is to be the first; with the printed token, while set-up is open",
  )
    .input(z.object({ token: Token.default(""), host: HostName }))
    .output(z.object({ findings: z.array(Finding) })),
};
