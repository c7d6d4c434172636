/** Namespaces that several files share. A feature's own namespace lives in its module. */
export const NS = {
  client: "jabber:client",
  server: "jabber:server",
  component: "jabber:component:accept",
  dialback: "jabber:server:dialback",
  stream: "http://etherx.jabber.org/streams",
  streams: "urn:ietf:params:xml:ns:xmpp-streams",
  stanzas: "urn:ietf:params:xml:ns:xmpp-stanzas",
  tls: "urn:ietf:params:xml:ns:xmpp-tls",
  sasl: "urn:ietf:params:xml:ns:xmpp-sasl",
  bind: "urn:ietf:params:xml:ns:xmpp-bind",
  session: "urn:ietf:params:xml:ns:xmpp-session",
  framing: "urn:ietf:params:xml:ns:xmpp-framing",
  xml: "http://www.w3.org/XML/1998/namespace",
  xmlns: "http://www.w3.org/2000/xmlns/",
  roster: "jabber:iq:roster",
  register: "jabber:iq:register",
  forms: "jabber:x:data",
  commands: "http://jabber.org/protocol/commands",
  pubsub: "http://jabber.org/protocol/pubsub",
  discoInfo: "http://jabber.org/protocol/disco#info",
  discoItems: "http://jabber.org/protocol/disco#items",
  caps: "http://jabber.org/protocol/caps",
  chatStates: "http://jabber.org/protocol/chatstates",
  delay: "urn:xmpp:delay",
  forward: "urn:xmpp:forward:0",
  hints: "urn:xmpp:hints",
  ping: "urn:xmpp:ping",
  receipts: "urn:xmpp:receipts",
  stanzaId: "urn:xmpp:sid:0",
  rsm: "http://jabber.org/protocol/rsm",
} as const;

/** The content namespaces of RFC 6120 4.8.2 and XEP-0114 3, which all carry the same three stanzas. */
export function isContentNamespace(ns: string): boolean {
  return ns === NS.client || ns === NS.server || ns === NS.component;
}
