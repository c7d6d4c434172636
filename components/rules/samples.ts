/** Messages that people wonder about, to an account (bare JID) of the host. */
export const samples = {
  chat: (host: string, to: string) => `<message type="chat" from="romeo@${host}/orchard" to="${to}" id="sample">
  <body>Wherefore art thou?</body>
</message>`,
  encrypted: (host: string, to: string) => `<message type="chat" from="romeo@${host}/orchard" to="${to}" id="sample">
  <encrypted xmlns="eu.siacs.conversations.axolotl"><header sid="1"/><payload>c2VjcmV0</payload></encrypted>
  <encryption xmlns="urn:xmpp:eme:0" namespace="eu.siacs.conversations.axolotl"/>
  <body>This message is encrypted.</body>
  <store xmlns="urn:xmpp:hints"/>
</message>`,
  mention: (
    host: string,
    to: string,
  ) => `<message type="groupchat" from="balcony@muc.${host}/romeo" to="${to}" id="sample">
  <body>${to.split("@")[0]}: are you there?</body>
</message>`,
  call: (host: string, to: string) => `<message type="chat" from="romeo@${host}/orchard" to="${to}" id="sample">
  <propose xmlns="urn:xmpp:jingle-message:0" id="call-1">
    <description xmlns="urn:xmpp:jingle:apps:rtp:1" media="audio"/>
  </propose>
</message>`,
  subscription: (host: string, to: string) =>
    `<presence type="subscribe" from="romeo@${host}" to="${to}" id="sample"/>`,
  typing: (host: string, to: string) => `<message type="chat" from="romeo@${host}/orchard" to="${to}">
  <composing xmlns="http://jabber.org/protocol/chatstates"/>
</message>`,
  noStore: (host: string, to: string) => `<message type="chat" from="romeo@${host}/orchard" to="${to}">
  <body>Do not keep this.</body>
  <no-store xmlns="urn:xmpp:hints"/>
</message>`,
} as const;

export type SampleName = keyof typeof samples;
export const sampleNames = Object.keys(samples) as SampleName[];
