import { accountOf, checkAuthzid, decodeText } from "./identity.ts";
import { SaslError, type SaslMechanism } from "./mechanism.ts";

/** RFC 4616. */
export const plain: SaslMechanism = {
  name: "PLAIN",
  revealsPassword: true,
  isPlus: false,
  start(context) {
    return {
      async step(message) {
        const [authzid, authcid, password, ...more] = decodeText(message).split("\0");
        if (authzid === undefined || !authcid || !password || more.length > 0) throw new SaslError("malformed-request");
        const account = accountOf(authcid, context.host);
        context.identified(account);
        checkAuthzid(authzid, account, context.from);
        const verdict = await context.accounts.verify(account, password);
        if (verdict === "ok") return { kind: "success", account };
        if (verdict === "wrong") throw new SaslError("not-authorized");
        throw new SaslError("account-disabled", await context.accounts.whyDisabled(account));
      },
    };
  },
};
