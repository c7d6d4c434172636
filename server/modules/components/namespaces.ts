export const NS_PRIVILEGE = "urn:xmpp:privilege:2";
export const NS_DELEGATION = "urn:xmpp:delegation:2";
