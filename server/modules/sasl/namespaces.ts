export const NS_SASL2 = "urn:xmpp:sasl:2";
export const NS_FAST = "urn:xmpp:fast:0";
export const NS_UPGRADE = "urn:xmpp:sasl:upgrade:0";
export const NS_SCRAM_UPGRADE = "urn:xmpp:scram-upgrade:0";
