import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { type TestClient, type TestServer, testServer } from "../../core/testing.ts";
import { DiskPlace } from "../../features/uploads/disk-place.ts";
import { uploadedFilesOf } from "../../features/uploads/uploaded-files.ts";
import type { Element } from "../../xmpp/element.ts";
import { disco } from "../disco/module.ts";
import { upload } from "./module.ts";
import { NS_UPLOAD } from "./request.ts";

let directory: string;
let server: TestServer | null = null;
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), "nightpost-upload-"));
});
afterEach(async () => {
  await server?.stop();
  server = null;
  rmSync(directory, { recursive: true });
});

async function start(options: Record<string, unknown> = {}, isServed = true): Promise<TestServer> {
  server = await testServer({
    modules: [disco, upload],
    accounts: ["romeo@montague.example", "juliet@capulet.example"],
    policy(draft) {
      draft.hosts["montague.example"]!.modules["upload"] = { enabled: true, options };
    },
  });
  if (isServed) {
    const disk = await DiskPlace.in(directory, server.core.disk);
    uploadedFilesOf(server.core).serve({ disk, originOf: (host) => `https://${host}:5443` });
  }
  return server;
}
const romeo = (): Promise<TestClient> => server!.connect("romeo@montague.example/orchard");

const request = (size: number, attrs = "", content = ""): string =>
  `<iq type='get' id='s' to='upload.montague.example'><request xmlns='${NS_UPLOAD}' filename='très cool.jpg' size='${size}' ${attrs}>${content}</request></iq>`;

async function ask(
  client: TestClient,
  xml: string,
): Promise<{ type: string; payload: Element | undefined; error: Element | undefined }> {
  client.send(xml);
  const answers = await client.sync();
  const answer = answers[0]!;
  return { type: answer.type ?? "", payload: answer.payload, error: answer.child("error") };
}
const conditionOf = (error: Element | undefined): string | undefined => error?.elements()[0]?.name;

test("a slot has two addresses that nobody can guess", async () => {
  await start();
  const { payload } = await ask(await romeo(), request(5, "content-type='image/jpeg'"));
  const [put, get] = ["put", "get"].map((name) => payload?.child(name)?.attr("url") ?? "");
  const form = /^https:\/\/montague\.example:5443\/upload\/([0-9a-f]{32})\/tr%C3%A8s%20cool\.jpg$/;
  const [token, id] = [form.exec(put!)?.[1], form.exec(get!)?.[1]];
  expect(token).toBeDefined();
  expect(id).toBeDefined();
  expect(token).not.toBe(id);
  const row = await server!.stores.files.find(id!);
  expect(row).toMatchObject({ local: "romeo", size: 5, mediaType: "image/jpeg", storedAt: null });
  expect(row!.endsAt - row!.createdAt).toBe(300_000);
  expect(JSON.stringify(row)).not.toContain(token);
});

test("the service says what it is and how large a file may be", async () => {
  await start({ max_file_bytes: 1234 });
  const info = "<query xmlns='http://jabber.org/protocol/disco#info'/>";
  const { payload } = await ask(await romeo(), `<iq type='get' id='i' to='upload.montague.example'>${info}</iq>`);
  expect(payload?.child("identity")?.attr("category")).toBe("store");
  expect(payload?.child("identity")?.attr("type")).toBe("file");
  expect(payload?.elements("feature").map((one) => one.attr("var"))).toContain(NS_UPLOAD);
  const fields = payload?.child("x", "jabber:x:data")?.elements("field") ?? [];
  expect(fields.map((one) => [one.attr("var"), one.child("value")?.text])).toEqual([
    ["FORM_TYPE", NS_UPLOAD],
    ["max-file-size", "1234"],
  ]);
});

test("a file that is too large is refused, and how large it may be told", async () => {
  await start({ max_file_bytes: 1234 });
  const client = await romeo();
  expect((await ask(client, request(1234))).type).toBe("result");
  const { error } = await ask(client, request(1235));
  expect([error?.attr("type"), conditionOf(error)]).toEqual(["modify", "not-acceptable"]);
  expect(error?.child("file-too-large", NS_UPLOAD)?.child("max-file-size")?.text).toBe("1234");
});

test.each([
  ["of an account", { max_bytes: 10 }, 300_000],
  ["of a day", { max_bytes_a_day: 10 }, 86_400_000],
  ["of a host", { max_host_bytes: 10 }, null],
])("the quota %s", async (_name, options, retryMs) => {
  await start(options);
  const client = await romeo();
  const at = server!.clock.now();
  expect((await ask(client, request(6))).type).toBe("result");
  const { error } = await ask(client, request(6));
  expect([error?.attr("type"), conditionOf(error)]).toEqual(["wait", "resource-constraint"]);
  const stamp = error?.child("retry", NS_UPLOAD)?.attr("stamp");
  expect(stamp === undefined ? null : Date.parse(stamp) - at).toBe(retryMs);
  // Slots that were not used come free.
  if (retryMs === null) return;
  server!.clock.advance(retryMs);
  await uploadedFilesOf(server!.core).prune(new AbortController().signal);
  expect((await ask(client, request(6))).type).toBe("result");
});

test("more than the quota at once is refused for good", async () => {
  await start({ max_bytes: 10 });
  const { error } = await ask(await romeo(), request(11));
  expect([error?.attr("type"), conditionOf(error)]).toEqual(["cancel", "resource-constraint"]);
});

test("only accounts of the host, and those that the rule allows, may upload", async () => {
  await start();
  const juliet = await server!.connect("juliet@capulet.example/balcony");
  expect(conditionOf((await ask(juliet, request(1))).error)).toBe("not-allowed");
  await server!.stop();
  await start({ access: "nobody" });
  expect(conditionOf((await ask(await romeo(), request(1))).error)).toBe("forbidden");
});

test("no slot while the disk is full, or where nothing is served", async () => {
  await start();
  const client = await romeo();
  server!.core.disk.seen(1024);
  const { error } = await ask(client, request(1));
  expect(conditionOf(error)).toBe("resource-constraint");
  expect(error?.child("retry", NS_UPLOAD)?.attr("stamp")).toBeDefined();
  server!.core.disk.seen(400 * 1024 * 1024);
  expect((await ask(client, request(1))).type).toBe("result");
  // It would leave too little for everything else.
  expect(conditionOf((await ask(client, request(90 * 1024 * 1024 * 2))).error)).toBe("not-acceptable");
  server!.core.disk.seen(300 * 1024 * 1024);
  expect(conditionOf((await ask(client, request(90 * 1024 * 1024))).error)).toBe("resource-constraint");
  await server!.stop();
  await start({}, false);
  expect(conditionOf((await ask(await romeo(), request(1))).error)).toBe("service-unavailable");
});

test("types that the operator refuses, and an end that is over", async () => {
  await start({ refused_types: ["video/*"] });
  const client = await romeo();
  expect(conditionOf((await ask(client, request(1, "content-type='video/mp4'"))).error)).toBe("not-acceptable");
  const over = "<ephemeral xmlns='urn:xmpp:http:upload:purpose:0' expire-before='1970-01-01T00:00:00Z'/>";
  expect(conditionOf((await ask(client, request(1, "", over))).error)).toBe("bad-request");
});

test("no more than 50 slots wait at the same time", async () => {
  await start();
  const client = await romeo();
  for (let count = 0; count < 50; count += 1) expect((await ask(client, request(1))).type).toBe("result");
  expect(conditionOf((await ask(client, request(1))).error)).toBe("resource-constraint");
});
