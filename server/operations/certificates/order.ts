import type { Authorization, Client, Order } from "acme-client";
import type { AcmePolicy } from "../../../lib/contracts/operations-policy.ts";
import type { OrderStep } from "../../storage/ports.ts";
import type { Challenges } from "./challenges.ts";

/** What was issued, PEM. */
export interface Issued {
  readonly chain: string;
  readonly key: string;
}

/** What the authority said when it refused, or what went wrong on the way there; one sentence. */
export class OrderError extends Error {
  override readonly name = "OrderError";
}

interface OrderParts {
  readonly client: Client;
  readonly challenges: Challenges;
  readonly method: AcmePolicy["challenge"];
  /** Tells what has been done. */
  note(step: OrderStep["step"], name: string, detail: string): void;
}

/** Orders a certificate for these names in their ASCII form (RFC 8555 7.4). Throws OrderError. */
export async function orderCertificate(parts: OrderParts, names: readonly string[]): Promise<Issued> {
  const { client, note } = parts;
  const { crypto } = await import("acme-client");
  const identifiers = names.map((value) => ({ type: "dns" as const, value }));
  const order: Order = await said(client.createOrder({ identifiers }));
  note("order", "", order.url);
  for (const authorization of await said(client.getAuthorizations(order))) await prove(parts, authorization);
  const [key, csr] = await crypto.createCsr(
    { commonName: names[0]!, altNames: [...names] },
    await crypto.createPrivateEcdsaKey(),
  );
  const finished = await said(client.finalizeOrder(order, csr));
  const chain = await said(client.getCertificate(finished));
  note("issue", "", finished.certificate ?? "");
  return { chain, key: key.toString() };
}

/** Shows the authority that a name is ours (RFC 8555 7.5.1). */
async function prove({ client, challenges, method, note }: OrderParts, authorization: Authorization): Promise<void> {
  const name = authorization.identifier.value;
  // The authority remembers for a while what was proved.
  if (authorization.status === "valid") {
    note("validation", name, "valid already");
    return;
  }
  const challenge = authorization.challenges.find(({ type }) => type === method);
  if (challenge === undefined) throw new OrderError(`the authority offers no ${method} for ${name}`);
  const proof = await said(client.getChallengeKeyAuthorization(challenge));
  const withdraw = await answerTo(challenges, method, authorization, challenge.token, proof);
  try {
    note("challenge", name, method);
    await said(client.completeChallenge(challenge));
    await said(client.waitForValidStatus(challenge));
    note("validation", name, "valid");
  } finally {
    withdraw();
  }
}

async function answerTo(
  challenges: Challenges,
  method: AcmePolicy["challenge"],
  authorization: Authorization,
  token: string,
  proof: string,
): Promise<() => void> {
  if (method === "http-01") return challenges.http(token, proof);
  const { crypto } = await import("acme-client");
  const [key, cert] = await crypto.createAlpnCertificate(authorization, proof);
  return challenges.tls(authorization.identifier.value, cert, key);
}

async function said<T>(pending: Promise<T>): Promise<T> {
  try {
    return await pending;
  } catch (error) {
    throw new OrderError(error instanceof Error ? error.message.slice(0, 1000) : String(error), { cause: error });
  }
}
