const letters = "abcdefghijkmnpqrstuvwxyzABCDEFGHJKLMNPQRSTUVWXYZ23456789";

/** Twenty letters and digits that are hard to confuse: about 116 bits. */
export function generatePassword(): string {
  const characters: string[] = [];
  const limit = 256 - (256 % letters.length);
  while (characters.length < 20) {
    // Bytes past the last whole multiple are thrown away, so that every letter is equally likely.
    for (const byte of crypto.getRandomValues(new Uint8Array(32))) {
      if (byte < limit && characters.length < 20) characters.push(letters[byte % letters.length] ?? "");
    }
  }
  return characters.join("").replace(/(.{5})(?=.)/g, "$1-");
}
