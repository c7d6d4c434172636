/** Namespaces of XEP-0227 and of what it carries. */
export const NS_PIE = "urn:xmpp:pie:0";
export const NS_PIE_SCRAM = `${NS_PIE}#scram`;
export const NS_PIE_MAM = `${NS_PIE}#mam`;
export const NS_MUC_USER = "http://jabber.org/protocol/muc#user";
export const NS_MAM = "urn:xmpp:mam:2";
export const NS_BLOCKING = "urn:xmpp:blocking";
export const NS_PRIVATE = "jabber:iq:private";
export const NS_PRIVACY = "jabber:iq:privacy";
export const NS_VCARD = "vcard-temp";
export const NS_PUBSUB = "http://jabber.org/protocol/pubsub";
export const NS_PUBSUB_OWNER = `${NS_PUBSUB}#owner`;
export const NS_LAST = "jabber:iq:last";
export const NS_MUC_ADMIN = "http://jabber.org/protocol/muc#admin";
export const NS_MUC_OWNER = "http://jabber.org/protocol/muc#owner";
export const NS_NODE_CONFIG = `${NS_PUBSUB}#node_config`;
