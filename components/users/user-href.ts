/** Address of an account's page; the list's host stays in it, so that going back finds the same list. */
export const userHref = (jid: string, host?: string | null): string =>
  `/users/account?jid=${encodeURIComponent(jid)}${host ? `&host=${encodeURIComponent(host)}` : ""}`;
