import type { ArchiveUnit } from "../ports.ts";

/**
 * An archive unit between threads: type, text, then six values for each copy. Two copies of a small message cost a third of
 * what they would cost as objects.
 */
export type PackedUnit = readonly (string | number)[];

const head = 2;
const each = 6;

export function packed({ type, xml, copies }: ArchiveUnit): PackedUnit {
  const values: (string | number)[] = [type, xml];
  for (const { host, local, key, peer, isOwn } of copies) {
    values.push(host, local, key.id, key.salt, peer, isOwn ? 1 : 0);
  }
  return values;
}

/** Calls `take` with each copy's values, in the order of the columns. */
export function eachCopy(
  unit: PackedUnit,
  take: (host: string, local: string, id: number, salt: number, peer: string, isOwn: number) => void,
): void {
  for (let at = head; at < unit.length; at += each) {
    take(
      unit[at] as string,
      unit[at + 1] as string,
      unit[at + 2] as number,
      unit[at + 3] as number,
      unit[at + 4] as string,
      unit[at + 5] as number,
    );
  }
}
