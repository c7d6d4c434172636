import type { Target } from "./target.ts";

/** The same sequence for the same seed: xorshift32. */
export function randomFrom(seed: number): (below: number) => number {
  let state = seed | 0 || 1;
  return (below) => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return (state >>> 0) % below;
  };
}

const asBytes = (word: string | Buffer): Buffer => (typeof word === "string" ? Buffer.from(word) : word);

const bytes = [0, 1, 9, 10, 13, 0x20, 0x22, 0x27, 0x3c, 0x7f, 0x80, 0xbf, 0xc0, 0xe2, 0xed, 0xf4, 0xff];

/** One to four changes of a seed: bytes flipped, cut, repeated, words of the format put in, parts of other seeds put in. */
export function mutated(seeds: readonly Buffer[], words: Target["words"], random: (below: number) => number): Buffer {
  let input = seeds[random(seeds.length)]!;
  for (let changes = 1 + random(4); changes > 0; changes -= 1) {
    const at = random(input.length + 1);
    const head = input.subarray(0, at);
    switch (random(6)) {
      case 0:
        input = Buffer.concat([head, Buffer.of(bytes[random(bytes.length)]!), input.subarray(at + random(2))]);
        break;
      case 1:
        input = Buffer.concat([head, input.subarray(at + random(24))]);
        break;
      case 2:
        input = Buffer.concat([head, asBytes(words[random(words.length)]!), input.subarray(at + random(3))]);
        break;
      case 3: {
        const other = seeds[random(seeds.length)]!;
        const from = random(other.length + 1);
        input = Buffer.concat([head, other.subarray(from, from + random(80)), input.subarray(at)]);
        break;
      }
      case 4: {
        const piece = input.subarray(at, at + 1 + random(12));
        input = Buffer.concat([head, ...Array.from({ length: 1 + random(40) }, () => piece), input.subarray(at)]);
        break;
      }
      default:
        input = Buffer.from(input);
        if (input.length > 0) input[at % input.length]! ^= 1 << random(8);
    }
  }
  return input.subarray(0, 16_384);
}
