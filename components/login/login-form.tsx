"use client";

import { useEffect, useState } from "react";
import { passkeyCredentials } from "@/lib/auth/passkey.ts";
import type { Refusal } from "@/lib/auth/sign-in.ts";
import type { Credentials } from "@/lib/auth/verify.ts";
import { PasswordStep } from "./password-step.tsx";
import { SecondStep } from "./second-step.tsx";

/** What a step of the log-in is given. */
export interface StepProps {
  readonly isBusy: boolean;
  readonly refusal: Refusal | null;
  /** Tries these; resolves when the answer is there. */
  readonly onTry: (credentials: Credentials) => Promise<void>;
  /** Asks for a passkey, and tries it. */
  readonly onPasskey: () => void;
}

/** What reads the server's answers is not needed to paint the page. */
const load = () => import("@/lib/auth/sign-in.ts");
const unreachable: Refusal = {
  code: "unreachable",
  retryAfterSeconds: 60,
  ticket: "",
  factors: [],
  clockSkewSeconds: null,
  owners: [],
};

/** JID and password, then a code or a passkey where the account has one; or a passkey alone. */
export function LoginForm({ onDone }: { onDone: () => void }) {
  const [isBusy, setBusy] = useState(false);
  const [second, setSecond] = useState<Refusal | null>(null);
  const [refusal, setRefusal] = useState<Refusal | null>(null);

  // It has to be there when the server is not.
  useEffect(() => void load().catch(() => undefined), []);

  const attempt = async (credentials: Credentials) => {
    setBusy(true);
    setRefusal(null);
    const given = { ...(second ? { ticket: second.ticket } : {}), ...credentials };
    const refused = await load().then(
      ({ signIn }) => signIn(given),
      () => unreachable,
    );
    if (refused === null) return onDone();
    setBusy(false);
    if (refused.code === "second-factor") return setSecond(refused);
    if (refused.code === "bad-ticket") setSecond(null);
    setRefusal(refused);
  };
  const withPasskey = async () => {
    setBusy(true);
    setRefusal(null);
    const credentials = await passkeyCredentials().catch(() => undefined);
    if (credentials) return attempt(credentials);
    setBusy(false);
    // Whoever closes the browser's dialog knows that they did.
    if (credentials === undefined) setRefusal(unreachable);
  };
  const step: StepProps = { isBusy, refusal, onTry: attempt, onPasskey: () => void withPasskey() };
  return second ? (
    <SecondStep {...step} factors={second.factors} onBack={() => setSecond(null)} />
  ) : (
    <PasswordStep {...step} />
  );
}
