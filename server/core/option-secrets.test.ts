import { expect, test } from "vitest";
import { z } from "zod";
import { OptionSecrets } from "./option-secrets.ts";
import { Secrets, SecretsError } from "./secrets.ts";

const secret = z.string().meta({ secret: true });
const schema = z.strictObject({
  name: z.string(),
  key: secret.nullable().default(null),
  list: z.array(z.strictObject({ id: z.string(), token: secret })).default([]),
  place: z.strictObject({ url: z.string(), password: secret }).nullable().default(null),
});
const options = {
  name: "plain",
  key: "one",
  list: [
    { id: "a", token: "two" },
    { id: "b", token: "three" },
  ],
  place: { url: "https://x.example", password: "four" },
};
const secrets = new OptionSecrets(Secrets.ephemeral());

test("secrets are sealed wherever they are, everything else stays", () => {
  const sealed = secrets.seal("m", schema, options);
  expect(sealed).toEqual({
    name: "plain",
    key: expect.stringMatching(/^sealed:/),
    list: options.list.map(({ id }) => ({ id, token: expect.stringMatching(/^sealed:/) })),
    place: { url: "https://x.example", password: expect.stringMatching(/^sealed:/) },
  });
  expect(JSON.stringify(sealed)).not.toMatch(/one|two|three|four/);
  expect(secrets.seal("m", schema, sealed)).toEqual(sealed);
  expect(secrets.open("m", schema, sealed)).toEqual(options);
});

test("entries of a list may change places", () => {
  const { list, ...rest } = secrets.seal("m", schema, options);
  expect(secrets.open("m", schema, { ...rest, list: list.toReversed() }).list).toEqual(options.list.toReversed());
});

test("what stands open is taken as it is", () => {
  expect(secrets.open("m", schema, options)).toEqual(options);
  expect(secrets.seal("m", schema, { name: "x", key: null, unknown: ["y"] })).toEqual({
    name: "x",
    key: null,
    unknown: ["y"],
  });
});

test.each([
  ["another module", (sealed: typeof options) => secrets.open("other", schema, sealed)],
  ["another option", (sealed: typeof options) => secrets.open("m", schema, { ...sealed, key: sealed.place.password })],
  ["another key file", (sealed: typeof options) => new OptionSecrets(Secrets.ephemeral()).open("m", schema, sealed)],
  [
    "a text that was cut",
    (sealed: typeof options) => secrets.open("m", schema, { ...sealed, key: sealed.key.slice(0, -2) }),
  ],
])("a sealed value does not open with %s", (_, open) => {
  expect(() => open(secrets.seal("m", schema, options))).toThrow(SecretsError);
});
