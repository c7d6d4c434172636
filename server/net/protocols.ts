/** What the listeners speak, beside what modules do; for docs/protocols.md. */
export const listenerProtocols = {
  xeps: [
    { number: 124, version: "1.11.2", note: "Answers are `text/xml`; HTTP error codes of old versions are not sent." },
    {
      number: 156,
      version: "1.4.0",
      note: "`/.well-known/host-meta` and `host-meta.json`; DNS records are the operator's.",
    },
    { number: 206, version: "1.4" },
  ],
  rfcs: ["RFC 7395"],
} as const;
