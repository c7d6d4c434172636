import { readdirSync, readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { StreamError } from "./errors.ts";
import { readIndependently } from "./independent-parser.ts";
import { HEADER, meaning, Recorder } from "./testing.ts";

const iterations = 20_000;
const directory = new URL("fuzz/", import.meta.url);
const corpus: readonly Buffer[] = readdirSync(directory).map((name) => readFileSync(new URL(name, directory)));
const FRAGMENTS = (
  "< > & ' \" = / : ; ! [ ] ? - # \t xmlns xmlns: xml: xmlns='' xmlns:p='urn:p' p: <!-- --> <![CDATA[ ]]> <?xml?> " +
  "<!DOCTYPE /> </ &amp; &lt; &#0; &#x41; &#xffff; &bogus; <a> </a> <message> </message> jabber:client </stream:stream> " +
  "<stream:stream> http://www.w3.org/XML/1998/namespace \u0000 \u00e9 \u{1f600} \ufffe \r \n"
)
  .split(" ")
  .concat(" ")
  .map((text) => Buffer.from(text));
const BYTES = [0x80, 0xbf, 0xc0, 0xc3, 0xe2, 0xed, 0xf0, 0xf4, 0xff].map((byte) => Buffer.of(byte));

/** The same sequence in every run: xorshift32. */
function randomFrom(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return (state >>> 0) % below;
  };
}

function mutate(bytes: Buffer, random: (below: number) => number): Buffer {
  const at = random(bytes.length + 1);
  const length = random(8) === 0 ? random(40) : random(4);
  const pool = random(6) === 0 ? BYTES : FRAGMENTS;
  const other = corpus[random(corpus.length)]!;
  const from = random(other.length);
  const inserted = [pool[random(pool.length)]!, other.subarray(from, from + random(60)), Buffer.alloc(0)][random(3)]!;
  return Buffer.concat([bytes.subarray(0, at), inserted, bytes.subarray(at + length)]);
}

/** What came out, and the condition under which the stream ended, if it did. */
function read(bytes: Buffer, segment: number): { recorder: Recorder; condition: string | undefined } {
  const recorder = new Recorder();
  recorder.write(HEADER);
  try {
    for (let at = 0; at < bytes.length; at += segment) recorder.write(bytes.subarray(at, at + segment));
  } catch (error) {
    if (!(error instanceof StreamError)) throw error;
    return { recorder, condition: error.condition };
  }
  return { recorder, condition: undefined };
}

test("mutations of the corpus end in a stanza that others understand as we do, or in a stream error", () => {
  const random = randomFrom(20261122);
  const conditions = new Set<string | undefined>();
  let accepted = 0;
  for (let i = 0; i < iterations; i++) {
    let bytes = corpus[random(corpus.length)]!;
    for (let changes = 1 + random(3); changes > 0; changes--) bytes = mutate(bytes, random);
    const input = bytes.toString();
    const whole = read(bytes, bytes.length + 1);
    const split = read(bytes, 1 + random(20));
    expect({ input, texts: split.recorder.texts, condition: split.condition }).toEqual({
      input,
      texts: whole.recorder.texts,
      condition: whole.condition,
    });
    conditions.add(whole.condition);
    for (const stanza of whole.recorder.stanzas) {
      accepted++;
      const sent = stanza.with({ from: "romeo@montague.lit/orchard" });
      const understood = readIndependently(sent.toString()).map(meaning);
      expect({ input, understood }).toEqual({ input, understood: [meaning(sent.element)] });
      const children = stanza.children.map(({ name, ns }) => stanza.child(name, ns)?.is(name, ns));
      expect({ input, children }).toEqual({ input, children: children.map(() => true) });
    }
  }
  expect(accepted).toBeGreaterThan(iterations / 20);
  expect(conditions.size).toBeGreaterThan(5);
});

test("what we accept in a stream others accept in the same bytes", () => {
  const random = randomFrom(7622);
  for (let i = 0; i < iterations / 4; i++) {
    const bytes = mutate(corpus[random(corpus.length)]!, random);
    const { recorder, condition } = read(bytes, bytes.length + 1);
    if (condition !== undefined || recorder.parser.hasPending || recorder.ends > 0) continue;
    const input = bytes.toString();
    const understood = readIndependently(input).map(meaning);
    expect({ input, understood }).toEqual({
      input,
      understood: recorder.stanzas.map(({ element }) => meaning(element)),
    });
  }
});
