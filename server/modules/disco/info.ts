import type { Entity } from "../../core/entity.ts";
import type { IqAddress } from "../../core/module.ts";
import { type Element, el } from "../../xmpp/element.ts";
import { NS } from "../../xmpp/namespaces.ts";

/** What disco#info tells of an entity, XEP-0030 3.1. */
export function infoOf(entity: Entity, of: IqAddress): Element[] {
  return [
    ...entity.identities(of).map(({ category, type, name }) => el("identity", NS.discoInfo, { category, type, name })),
    ...entity.features(of).map((feature) => el("feature", NS.discoInfo, { var: feature })),
    ...entity.forms(of),
  ];
}

/** i;octet, RFC 4790 9.3. */
export function byOctets(one: string, other: string): number {
  return Buffer.compare(Buffer.from(one), Buffer.from(other));
}
