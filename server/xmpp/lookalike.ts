import { confusables } from "./confusables.ts";

const prototypes = new Map<string, string>();
for (const entry of confusables.trim().split(/\s/)) {
  const colon = entry.lastIndexOf(":");
  for (const char of entry.slice(colon + 1)) prototypes.set(char, entry.slice(0, colon));
}

/** What UTS 39 tells apart because it minds the case: capitals drawn small, and `i`, whose capital is drawn like `l`. */
const caseless = new Map(
  Object.entries({
    ᴀ: "a",
    ʙ: "b",
    ᴅ: "d",
    ᴇ: "e",
    ꜰ: "f",
    ɢ: "g",
    ʜ: "h",
    i: "l",
    ᴊ: "j",
    ĸ: "k",
    ʟ: "l",
    ʍ: "rn",
    ɴ: "n",
    π: "n",
    ᴘ: "p",
    ʀ: "r",
    ᴛ: "t",
  }),
);

const ignorable = /\p{Default_Ignorable_Code_Point}/gu;

function replaced(text: string, by: ReadonlyMap<string, string>): string {
  let all = "";
  for (const char of text) all += by.get(char) ?? char;
  return all;
}

/** Texts with the same skeleton can be taken for each other, case aside (UTS 39 4); compatibility forms are one as well. */
function skeleton(text: string): string {
  return replaced(text.normalize("NFKD").replaceAll(ignorable, ""), prototypes).normalize("NFD");
}

/**
 * What those see in a text who do not look closely, nor at its case: the same for `Emilia1`, `EM1L1Al` and the like of it in
 * Cyrillic. To be compared only; nobody can read it (`m` is drawn like `rn`).
 */
export function lookalike(text: string): string {
  return replaced(skeleton(skeleton(text).toLowerCase()), caseless);
}
