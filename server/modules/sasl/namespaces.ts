export const NS_SASL2 = "urn:xmpp:sasl:2";
export const NS_FAST = "urn:xmpp:fast:0";
