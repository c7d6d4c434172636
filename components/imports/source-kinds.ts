/** What accounts can be taken over from. */
export const sourceKinds = ["xep0227", "ejabberd", "prosody", "openfire", "csv"] as const;
export type SourceKind = (typeof sourceKinds)[number];
