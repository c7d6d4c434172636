/**
 * What an operator's own module may use: `import { defineModule, … } from "nightpost"`. See docs/modules.md.
 */
export { z } from "zod";
export type { Command, CommandAnswer } from "./core/command.ts";
export type { Contacts, HookEvent, HookName, Hooks, OfflineDelivery, OfflineOutcome } from "./core/hooks.ts";
export { defineModule, type IqAnswer, type ModuleContext } from "./core/module.ts";
export type { Packet } from "./core/router.ts";
export type { ServiceContext } from "./core/service.ts";
export type { Session } from "./core/session.ts";
export { el, type Element } from "./xmpp/element.ts";
export { StanzaError } from "./xmpp/errors.ts";
export { Jid } from "./xmpp/jid.ts";
export { Stanza } from "./xmpp/stanza.ts";
