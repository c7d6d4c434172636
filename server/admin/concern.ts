import type { AttentionItem } from "../../lib/contracts/server.ts";

/** Something that an operator should look at, before what is alike was counted. */
export type Concern = Omit<AttentionItem, "more">;
