import { Jid } from "../../xmpp/jid.ts";
import { decodeText } from "./identity.ts";
import { type SaslContext, SaslError, type SaslMechanism, type SaslStep } from "./mechanism.ts";

/** RFC 4422 A with certificates (XEP-0178 2): the client is whom its certificate names, and says which where it names many. */
export const external: SaslMechanism = {
  name: "EXTERNAL",
  revealsPassword: false,
  isPlus: false,
  isPossible: ({ certified }) => certified.length > 0,
  start: (context) => ({ step: (message) => exchange(context, message) }),
};

async function exchange(context: SaslContext, message: Buffer): Promise<SaslStep> {
  const { certified, from } = context;
  const authzid = decodeText(message);
  const wanted = authzid === "" ? null : Jid.tryParse(authzid);
  const account = wanted === null ? certified[0] : certified.find((one) => wanted?.equals(one) === true);
  // XEP-0178 2, 10b: who has several says which one.
  if (account === undefined || (wanted === null && certified.length > 1)) throw new SaslError("invalid-authzid");
  if (wanted !== null && from !== null && !from.equals(account)) throw new SaslError("invalid-authzid");
  context.identified(account);
  const standing = await context.accounts.standing(account);
  if (standing === "unknown") throw new SaslError("not-authorized");
  if (standing === "suspended") throw new SaslError("account-disabled");
  return { kind: "success", account };
}
