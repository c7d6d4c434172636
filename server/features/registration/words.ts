const LATIN = /\p{Script=Latin}/u;
const ALIKE = /[\p{Script=Cyrillic}\p{Script=Greek}]/u;

/** Letters of one script among those of another that they can be taken for (UTS 39 4, the scripts that matter here). */
export function mixesScripts(name: string): boolean {
  return LATIN.test(name) && ALIKE.test(name);
}

/** How many characters there are of the kinds that a password is made of. */
const KINDS: readonly (readonly [RegExp, number])[] = [
  [/[0-9]/, 10],
  [/[a-z]/, 26],
  [/[A-Z]/, 26],
  [/[!-/:-@[-`{-~ ]/, 33],
  [/[^ -~]/, 128],
];

/** Estimate of a password's entropy in bits, as `password_strength` of mod_register counts: length times kinds. */
export function passwordBits(password: string): number {
  const alphabet = KINDS.reduce((sum, [kind, size]) => (kind.test(password) ? sum + size : sum), 0);
  return alphabet === 0 ? 0 : Array.from(password).length * Math.log2(alphabet);
}
