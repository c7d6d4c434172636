/** XEP-0045 and its kin. */
export const NS_MUC = "http://jabber.org/protocol/muc";
export const NS_USER = "http://jabber.org/protocol/muc#user";
export const NS_ADMIN = "http://jabber.org/protocol/muc#admin";
export const NS_OWNER = "http://jabber.org/protocol/muc#owner";
export const NS_REGISTER = "http://jabber.org/protocol/muc#register";
export const NS_REQUEST = "http://jabber.org/protocol/muc#request";
export const NS_CONFIG = "http://jabber.org/protocol/muc#roomconfig";
export const NS_INFO = "http://jabber.org/protocol/muc#roominfo";
/** XEP-0421. */
export const NS_OCCUPANT_ID = "urn:xmpp:occupant-id:0";
/** XEP-0410. */
export const NS_SELF_PING = "http://jabber.org/protocol/muc#self-ping-optimization";
/** XEP-0249. */
export const NS_INVITATION = "jabber:x:conference";
/** XEP-0425, XEP-0424. */
export const NS_MODERATE = "urn:xmpp:message-moderate:1";
export const NS_RETRACT = "urn:xmpp:message-retract:1";
/** XEP-0054. */
export const NS_VCARD = "vcard-temp";
/** XEP-0153. */
export const NS_VCARD_UPDATE = "vcard-temp:x:update";
/** XEP-0402, XEP-0492. */
export const NS_BOOKMARKS = "urn:xmpp:bookmarks:1";
export const NS_NOTIFICATIONS = "urn:xmpp:notification-settings:1";
/** XEP-0372. */
export const NS_REFERENCE = "urn:xmpp:reference:0";
