/** Value of the header `Authorization` for a bearer token (RFC 6750 2.1). */
export function bearer(token: string): string {
  return `Bearer ${token}`;
}

/** The same for a user name, which cannot have a colon, and a password (RFC 7617 2); both as UTF-8. */
export function basic(user: string, password: string): string {
  const bytes = new TextEncoder().encode(`${user}:${password}`);
  return `Basic ${btoa(Array.from(bytes, (byte) => String.fromCharCode(byte)).join(""))}`;
}
