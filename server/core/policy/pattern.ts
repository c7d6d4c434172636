import { RE2JS, RE2JSException } from "re2js";

/** Tells whether a text matches. */
export type Pattern = (text: string) => boolean;

/** Thrown for a pattern that cannot be compiled; the message says why. */
export class PatternError extends Error {
  override readonly name = "PatternError";
}

function compile(expression: string): Pattern {
  try {
    const compiled = RE2JS.compile(expression);
    return (text) => compiled.test(text);
  } catch (error) {
    if (error instanceof RE2JSException) throw new PatternError(error.message);
    throw error;
  }
}

/** A regular expression that may match anywhere in the text, as `re:run` does; linear time (RE2). Throws PatternError. */
export function compileRegexp(expression: string): Pattern {
  // The `local` ACL of every installation is an empty expression.
  return expression === "" ? () => true : compile(expression);
}

const SPECIAL = /[\\^$.|?*+()[\]{}]/g;
const escape = (text: string): string => text.replace(SPECIAL, "\\$&");

/** A shell pattern for the whole text: `*`, `?`, `[abc]`, `[a-z]`, `[!abc]`. Throws PatternError. */
export function compileGlob(glob: string): Pattern {
  let expression = "^(?s:";
  for (let index = 0; index < glob.length; index += 1) {
    const char = glob[index]!;
    const close = char === "[" ? glob.indexOf("]", index + (glob[index + 1] === "!" ? 3 : 2)) : -1;
    if (char === "*") expression += ".*";
    else if (char === "?") expression += ".";
    else if (close > 0) {
      const isNegated = glob[index + 1] === "!";
      const members = glob.slice(index + (isNegated ? 2 : 1), close).replace(/[\\[\]^]/g, "\\$&");
      expression += `[${isNegated ? "^" : ""}${members}]`;
      index = close;
    } else expression += escape(char);
  }
  return compile(`${expression})$`);
}
