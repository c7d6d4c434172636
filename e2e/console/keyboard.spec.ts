import { withoutMouse } from "./keyboard.ts";
import { expect, forget, test } from "./story.ts";

test.afterAll(async ({ story: { server } }) => {
  const { policy } = await server.api.policy.get();
  const admin = (policy.acl["admin"] ?? []).filter((one) => JSON.stringify(one) !== '{"user":"seacoal@localhost"}');
  await server.api.policy.apply({ policy: { ...policy, acl: { ...policy.acl, admin } } });
  await forget(server, "watch");
});

test("a day's work is done without a mouse", async ({ signedIn: page, story: { server, sink, origin } }) => {
  test.setTimeout(180_000);
  expect(await withoutMouse(page, origin, server, sink)).toBeLessThan(600);
});
