import { Program } from "./program.ts";

/** What the library itself says: elements of a room's history, and that a part of it is not compiled. */
const byTheLibrary = /^(?:<|Using slower stringprep)/;

/** The lines that a program on Debian's slixmpp says. Rejects with all it said, unless it ended well. */
export async function slixmppSays(...words: readonly string[]): Promise<string[]> {
  const said = await new Program("/usr/bin/python3", words).run();
  return said
    .trim()
    .split("\n")
    .filter((line) => !byTheLibrary.test(line));
}
