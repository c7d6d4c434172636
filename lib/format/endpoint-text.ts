/** An address and a port as in a URL: one of IPv6 in brackets (RFC 3986 3.2.2). */
export function endpointText(address: string, port: number): string {
  return address.includes(":") ? `[${address}]:${port}` : `${address}:${port}`;
}
