import {
  type Delegation,
  Delegation as DelegationSchema,
  IqRight,
  type Privileges,
} from "@/lib/contracts/component-rights.ts";

/** What the lines of a field mean, or the number of the first that means nothing. */
export type Lines<T> = { readonly ok: true; readonly value: T } | { readonly ok: false; readonly line: number };

export function iqText(iq: Privileges["iq"]): string {
  return Object.entries(iq)
    .map(([namespace, right]) => `${namespace} ${right}`)
    .join("\n");
}

export function iqFrom(text: string): Lines<Privileges["iq"]> {
  const rights = new Map<string, IqRight>();
  for (const [index, [namespace, right, ...more]] of wordsOf(text)) {
    const known = IqRight.safeParse(right);
    if (namespace === undefined || !known.success || more.length > 0) return { ok: false, line: index + 1 };
    rights.set(namespace, known.data);
  }
  return { ok: true, value: Object.fromEntries(rights) };
}

export function delegationsText(delegations: readonly Delegation[]): string {
  return delegations.map(({ namespace, attributes }) => [namespace, ...attributes].join(" ")).join("\n");
}

export function delegationsFrom(text: string): Lines<Delegation[]> {
  const delegations: Delegation[] = [];
  for (const [index, [namespace, ...attributes]] of wordsOf(text)) {
    const read = DelegationSchema.safeParse({ namespace, attributes });
    if (!read.success) return { ok: false, line: index + 1 };
    delegations.push(read.data);
  }
  return { ok: true, value: delegations };
}

/** The words of each line that is not empty, with its index. */
function wordsOf(text: string): [number, string[]][] {
  return text
    .split("\n")
    .map((line, index): [number, string[]] => [index, line.split(/\s+/).filter((word) => word !== "")])
    .filter(([, words]) => words.length > 0);
}
