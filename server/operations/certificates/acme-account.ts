import type { Client } from "acme-client";
import { z } from "zod";
import type { AcmePolicy } from "../../../lib/contracts/operations-policy.ts";
import type { Secrets } from "../../core/secrets.ts";
import type { Stores } from "../../storage/ports.ts";
import { OrderError } from "./order.ts";

/** As it is kept, sealed. */
const Account = z.object({ key: z.string(), url: z.string(), contact: z.string().nullable() });

interface AccountParts {
  readonly stores: Pick<Stores, "admin">;
  readonly secrets: Secrets;
  readonly pollMs: { readonly least: number; readonly most: number };
}

const secretOf = (directory: string): string => `acme account ${directory}`;

/** A client of the authority with our account there (RFC 8555 7.3), which is made at the first order. Throws OrderError. */
export async function openAccount({ stores, secrets, pollMs }: AccountParts, acme: AcmePolicy): Promise<Client> {
  const { Client: AcmeClient, crypto } = await import("acme-client");
  const name = secretOf(acme.directory);
  const sealed = await stores.admin.secret(name);
  const known = sealed === null ? null : Account.parse(JSON.parse(secrets.open(sealed, name)));
  const key = known?.key ?? (await crypto.createPrivateEcdsaKey()).toString();
  const client = new AcmeClient({
    directoryUrl: acme.directory,
    accountKey: key,
    ...(known === null ? {} : { accountUrl: known.url }),
    backoffAttempts: 20,
    backoffMin: pollMs.least,
    backoffMax: pollMs.most,
  });
  const contact = acme.contact === null ? [] : [`mailto:${acme.contact}`];
  try {
    if (known === null) await client.createAccount({ termsOfServiceAgreed: true, contact });
    else if (known.contact !== acme.contact) await client.updateAccount({ contact });
  } catch (error) {
    throw new OrderError(error instanceof Error ? error.message : String(error), { cause: error });
  }
  if (known === null || known.contact !== acme.contact) {
    const account = { key, url: client.getAccountUrl(), contact: acme.contact };
    await stores.admin.putSecret(name, secrets.seal(JSON.stringify(account), name));
  }
  return client;
}
