import { randomBytes } from "node:crypto";
import type { Factor } from "../../lib/contracts/factors.ts";
import type { contract } from "../../lib/contracts/index.ts";
import type { FactorRow } from "../storage/ports.ts";
import { Jid } from "../xmpp/jid.ts";
import { accountJid } from "./address.ts";
import type { Call } from "./call.ts";
import { endConsoleSessions } from "./console-sessions.ts";
import { AdminError, refused } from "./errors.ts";
import { totpPurpose } from "./logins.ts";
import type { Admin } from "./parts.ts";
import { Pending } from "./pending.ts";
import { newRecoveryCodes, recoveryCodeHash } from "./recovery-codes.ts";
import { timestamp, timestampOrNull } from "./timestamp.ts";
import { checkTotp, newTotpSecret, totpUri } from "./totp.ts";
import type { Verbs } from "./verbs.ts";

const enrolMs = 10 * 60_000;
const maxFactors = 20;

export function factors(admin: Admin): Verbs<typeof contract.factors> {
  const { core, secrets, logins, passkeys, callers, events } = admin;
  const { stores, clock, policy } = core;
  const enrolments = new Pending<{ readonly jid: string; readonly secret: string }>(clock, enrolMs);

  const self = ({ caller }: Call): Jid => {
    if (caller.kind === "account") return Jid.parse(caller.name);
    throw refused("not-found", "factors-of-accounts");
  };

  const changed = (jid: Jid): void => {
    callers.forget();
    events.publish("console-sessions", jid.bare, jid.bare);
  };

  /** Whoever holds somebody's open session must not be able to make it their own for good. */
  const confirm = async (password: string, call: Call): Promise<Jid> => {
    const jid = self(call);
    await logins.checkPassword(jid, password, call);
    return jid;
  };

  const requireRoom = async (jid: Jid): Promise<void> => {
    if ((await stores.factors.of(jid.bare)).length >= maxFactors)
      throw refused("conflict", "too-many-factors", { most: maxFactors });
  };

  const makeCodes = async (jid: Jid): Promise<string[]> => {
    const codes = newRecoveryCodes();
    await stores.factors.setRecoveryCodes(
      jid.bare,
      codes.map((code) => recoveryCodeHash(secrets, code)),
    );
    return codes;
  };

  const keep = async (row: FactorRow, jid: Jid, call: Call) => {
    const isFirst = (await stores.factors.of(jid.bare)).length === 0;
    await stores.factors.put(row);
    call.note(row.name, { kind: row.kind });
    changed(jid);
    return { factor: describe(row), recoveryCodes: isFirst ? await makeCodes(jid) : null };
  };

  return {
    async list(_input, call) {
      if (call.caller.kind !== "account") return { items: [], recoveryCodes: 0, isRequired: false };
      const { secondFactor } = policy.document.console.login;
      return {
        items: (await stores.factors.of(call.caller.name)).map(describe),
        recoveryCodes: await stores.factors.recoveryCodes(call.caller.name),
        isRequired: call.caller.roles.some((role) => secondFactor.includes(role)),
      };
    },

    async prepareTotp({ password }, call) {
      const jid = await confirm(password, call);
      await requireRoom(jid);
      const secret = newTotpSecret();
      return { id: enrolments.add({ jid: jid.bare, secret }), secret, uri: totpUri(jid, secret) };
    },

    async addTotp({ id, name, code }, call) {
      const jid = self(call);
      const enrolment = enrolments.get(id);
      if (enrolment === undefined || enrolment.jid !== jid.bare) throw new AdminError("bad-ticket");
      const now = clock.now();
      const outcome = checkTotp(enrolment.secret, code, now);
      if (!("step" in outcome)) {
        const { skewSeconds } = outcome;
        throw new AdminError("bad-code", undefined, skewSeconds === null ? {} : { clockSkewSeconds: skewSeconds });
      }
      enrolments.take(id);
      const factorId = randomBytes(9).toString("base64url");
      const row: FactorRow = {
        id: factorId,
        jid: jid.bare,
        kind: "totp",
        name,
        sealed: secrets.seal(enrolment.secret, totpPurpose(jid.bare, factorId)),
        credential: null,
        counter: outcome.step,
        createdAt: now,
        lastUsedAt: null,
      };
      return keep(row, jid, call);
    },

    async preparePasskey({ password }, call) {
      const jid = await confirm(password, call);
      await requireRoom(jid);
      return passkeys.prepare(jid, call.host);
    },

    async addPasskey({ id, name, response }, call) {
      const jid = self(call);
      const passkey = await passkeys.register(id, jid, response);
      if (passkey === null) throw refused("bad-code", "authenticator-unverified");
      const row: FactorRow = {
        id: randomBytes(9).toString("base64url"),
        jid: jid.bare,
        kind: "passkey",
        name,
        ...passkey,
        createdAt: clock.now(),
        lastUsedAt: null,
      };
      return keep(row, jid, call);
    },

    async remove({ id, password }, call) {
      const jid = await confirm(password, call);
      const mine = await stores.factors.of(jid.bare);
      const found = mine.find((factor) => factor.id === id);
      if (found === undefined) throw refused("not-found", "no-such-factor");
      call.note(found.name, { kind: found.kind });
      if (mine.length === 1) await stores.factors.removeAll(jid.bare);
      else await stores.factors.remove(id);
      changed(jid);
      return { ok: true };
    },

    async newRecoveryCodes({ password }, call) {
      const jid = await confirm(password, call);
      if ((await stores.factors.of(jid.bare)).length === 0) throw refused("conflict", "nothing-to-recover");
      return { recoveryCodes: await makeCodes(jid) };
    },

    async reset({ jid: text }, call) {
      const jid = accountJid(core, text);
      call.note(jid.bare);
      const removed = await stores.factors.removeAll(jid.bare);
      await endConsoleSessions(admin, jid, call.caller.id);
      changed(jid);
      return { removed };
    },
  };
}

function describe({ id, kind, name, createdAt, lastUsedAt }: FactorRow): Factor {
  return { id, kind, name, createdAt: timestamp(createdAt), lastUsedAt: timestampOrNull(lastUsedAt) };
}
