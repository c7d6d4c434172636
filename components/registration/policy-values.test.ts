import { expect, test } from "vitest";
import { RegistrationPolicy } from "../../lib/contracts/registration-policy.ts";
import { fromValues, PolicyValues, toValues } from "./policy-values.ts";

test.each([
  ["the defaults", {}],
  ["no pause", { timeout: "infinity" as const }],
  [
    "everything set",
    {
      mode: "open" as const,
      networks: [{ action: "deny" as const, cidr: "203.0.113.0/24" }],
      welcome: { subject: "Hi", body: "a\nb" },
      watchers: ["anna@example.org"],
    },
  ],
])("%s survive the form", (_name, input) => {
  const policy = RegistrationPolicy.parse(input);
  expect(fromValues(PolicyValues.parse(toValues(policy)))).toEqual(policy);
});
