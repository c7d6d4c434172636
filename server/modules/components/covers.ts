import type { IqRight } from "../../core/component-rights.ts";

/** Does a right cover an iq of that type? */
export function covers(right: IqRight | "none" | undefined, type: string | undefined): boolean {
  return (type === "get" || type === "set") && (right === "both" || right === type);
}
