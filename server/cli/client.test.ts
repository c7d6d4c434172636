import { ORPCError } from "@orpc/client";
import { expect, test } from "vitest";
import { explain } from "./client.ts";
import { exitCodes } from "./exit.ts";

const connection = { kind: "socket", path: "/nowhere/nightpost.sock" } as const;
const refusal = (status: number, problem: object) => {
  const { message, exitCode } = explain(new ORPCError("BAD_REQUEST", { status, data: problem }), connection);
  return { message, exitCode };
};

test("what the summary says already is not said again", () => {
  const field = { path: "target.url", message: "not a URL" };
  expect(refusal(400, { detail: "target.url: not a URL", errors: [field] })).toEqual({
    message: "target.url: not a URL",
    exitCode: exitCodes.negative,
  });
  const other = { path: "target.ttl", message: "too small" };
  expect(refusal(400, { detail: "2 fields are wrong", errors: [field, other] }).message).toBe(
    "2 fields are wrong\n  target.url: not a URL\n  target.ttl: too small",
  );
});

test("a refused private address comes with the option that allows it", () => {
  const field = { path: "target.url", message: "127.0.0.1 is not public (loopback)", reason: "reach-private" };
  expect(refusal(400, { detail: "target.url: 127.0.0.1 is not public (loopback)", errors: [field] }).message).toBe(
    "target.url: 127.0.0.1 is not public (loopback)\n--allow-private lets a target have it.",
  );
});

test("a key without the permission is told by its exit code", () => {
  expect(refusal(403, { title: "Forbidden" })).toEqual({ message: "Forbidden", exitCode: exitCodes.notAllowed });
});

test("a server that is not there is told how to start", () => {
  const error = new TypeError("fetch failed", { cause: Object.assign(new Error("connect"), { code: "ENOENT" }) });
  const { message, exitCode } = explain(error, connection);
  expect(message).toBe("No server answers at /nowhere/nightpost.sock. Start it with `nightpost start`.");
  expect(exitCode).toBe(exitCodes.notRunning);
});
