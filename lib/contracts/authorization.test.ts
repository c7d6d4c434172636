import { expect, test } from "vitest";
import { basic, bearer } from "./authorization.ts";

test.each([
  // RFC 7617 2 and 2.1
  [basic("Aladdin", "open sesame"), "Basic QWxhZGRpbjpvcGVuIHNlc2FtZQ=="],
  [basic("test", "123£"), "Basic dGVzdDoxMjPCow=="],
  [bearer("mF_9.B5f-4.1JqM"), "Bearer mF_9.B5f-4.1JqM"],
])("%s", (value, wanted) => expect(value).toBe(wanted));
