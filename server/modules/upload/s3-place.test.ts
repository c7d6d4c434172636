import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import http, { type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Readable } from "node:stream";
import S3rver from "s3rver";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { createLog, type LogRecord } from "../../core/log.ts";
import { testServer } from "../../core/testing.ts";
import { filePlaceConformance, read } from "../../features/uploads/conformance-file-place.ts";
import { DiskPlace } from "../../features/uploads/disk-place.ts";
import { PlaceUnavailableError } from "../../features/uploads/file-place.ts";
import { uploadedFilesOf } from "../../features/uploads/uploaded-files.ts";
import { Jid } from "../../xmpp/jid.ts";
import { upload } from "./module.ts";
import { S3Place } from "./s3-place.ts";
import { S3Settings } from "./s3-settings.ts";

const secret = "S3RVER";
const complaints: LogRecord[] = [];
const log = createLog("warn", (record) => complaints.push(record));
const settingsFor = (port: number, more: Partial<S3Settings> = {}): S3Settings =>
  S3Settings.parse({
    endpoint: `http://127.0.0.1:${port}`,
    bucket: "bucket",
    access_key_id: "S3RVER",
    secret_access_key: secret,
    ...more,
  });
afterEach(() => {
  expect(JSON.stringify(complaints.splice(0))).not.toContain(secret);
});

describe("an S3-compatible store", () => {
  let directory: string;
  let server: S3rver;
  let port: number;
  let count = 0;
  const places: S3Place[] = [];
  const placeWith = (limits: { partBytes?: number } = {}): S3Place => {
    const place = new S3Place(settingsFor(port, { prefix: `t${(count += 1)}/` }), log, limits);
    places.push(place);
    return place;
  };

  beforeAll(async () => {
    directory = mkdtempSync(join(tmpdir(), "nightpost-s3-"));
    server = new S3rver({
      port: 0,
      address: "127.0.0.1",
      silent: true,
      directory,
      configureBuckets: [{ name: "bucket", configs: [] }],
    });
    ({ port } = await server.run());
  });
  afterEach(() => {
    for (const place of places.splice(0)) place.close();
  });
  afterAll(async () => {
    await server.close();
    rmSync(directory, { recursive: true });
  });

  describe("with files in one piece", () => {
    let place: S3Place | null = null;
    afterEach(() => {
      place = null;
    });
    filePlaceConformance(() => (place ??= placeWith()));
  });

  test("takes what a host's accounts upload, and gives and forgets it", async () => {
    const given = testServer({
      modules: [upload],
      accounts: ["romeo@localhost"],
      policy(draft) {
        draft.modules["upload"] = { enabled: true, options: { s3: settingsFor(port, { prefix: "module/" }) } };
      },
    });
    const { core, stop, clock } = await given;
    const disk = await DiskPlace.in(join(directory, "disk"), core.disk);
    uploadedFilesOf(core).serve({ disk, originOf: () => "https://localhost" });
    const draft = { user: Jid.parse("romeo@localhost"), name: "x", mediaType: "text/plain", size: 3, keepMs: 60_000 };
    const slot = await uploadedFilesOf(core).reserve(draft, uploadedFilesOf(core).service("localhost")!.limits);
    const token = ("put" in slot ? slot.put : "").split("/").at(-2)!;
    const row = (await uploadedFilesOf(core).slotOf(token))!;
    expect(row.place).toBe("s3");
    expect(await uploadedFilesOf(core).take(row, Readable.from([Buffer.from("xyz")]))).toBe("stored");
    const file = await uploadedFilesOf(core).open(row, 0, 2);
    expect(file).not.toBeNull();
    await file!.close();
    clock.advance(60_000);
    expect(await uploadedFilesOf(core).prune()).toBe(1);
    expect(await uploadedFilesOf(core).open(row, 0, 2)).toBeNull();
    await stop();
  });

  test("a key that it does not know is refused, and the file may be sent again", async () => {
    const place = new S3Place(settingsFor(port, { access_key_id: "unknown" }), log);
    expect(await place.put("a", 3, Readable.from([Buffer.from("xyz")]))).toBe("unavailable");
    expect(complaints.map(({ fields }) => fields["reason"])).toEqual([expect.stringMatching(/^403/)]);
    await expect(place.open("a", 0, 2)).rejects.toThrow(PlaceUnavailableError);
    place.close();
  });

  test("a bucket that is not there is said to be unavailable", async () => {
    const place = new S3Place(settingsFor(port, { bucket: "elsewhere" }), log);
    expect(await place.put("a", 3, Readable.from([Buffer.from("xyz")]))).toBe("unavailable");
    place.close();
  });
});

/** A store that answers as the test says; keeps what it was asked. */
describe("a store that is not well", () => {
  let server: Server;
  let answer: (request: IncomingMessage, response: ServerResponse) => void = () => undefined;
  const asked: string[] = [];
  let place: S3Place;

  const start = async (how: typeof answer, limits: { partBytes?: number; idleMs?: number } = {}): Promise<void> => {
    answer = how;
    asked.length = 0;
    server = http.createServer((request, response) => {
      asked.push(`${request.method} ${request.url}`);
      answer(request, response);
    });
    server.listen(0, "127.0.0.1");
    await once(server, "listening");
    place = new S3Place(settingsFor((server.address() as AddressInfo).port), log, limits);
  };
  afterEach(async () => {
    place.close();
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  });
  const put = (size = 3) => place.put("a", size, Readable.from([Buffer.alloc(size)]));
  const drained = (request: IncomingMessage, then: () => void): void => {
    request.resume().on("end", then);
  };
  const error = (response: ServerResponse, status: number, code: string): void => {
    response.writeHead(status, { "content-type": "application/xml" }).end(`<Error><Code>${code}</Code></Error>`);
  };

  test.each([
    [403, "AccessDenied", "unavailable"],
    [500, "InternalError", "unavailable"],
    [503, "SlowDown", "unavailable"],
    [507, "InsufficientStorage", "full"],
  ] as const)("%i %s", async (status, code, outcome) => {
    await start((request, response) => drained(request, () => error(response, status, code)));
    expect(await put()).toBe(outcome);
    expect(complaints.map(({ fields }) => fields["reason"])).toEqual([`${status} ${code}`]);
    await expect(place.open("a", 0, 2)).rejects.toThrow(`${status} ${code}`);
    await expect(place.remove("a")).rejects.toThrow(`${status} ${code}`);
  });

  test("that refuses in the middle of the bytes is not sent the rest", async () => {
    await start((_, response) => error(response, 403, "AccessDenied"));
    let given = 0;
    const endless = new Readable({
      read() {
        given += 65_536;
        setImmediate(() => this.push(Buffer.alloc(65_536)));
      },
    });
    expect(await place.put("a", 1024 ** 4, endless)).toBe("unavailable");
    expect(given).toBeLessThan(64 * 1024 * 1024);
    endless.destroy();
  });

  test("that never answers is given up", async () => {
    await start(() => undefined, { idleMs: 50 });
    expect(await put()).toBe("unavailable");
    await expect(place.open("a", 0, 2)).rejects.toThrow("does not answer");
  });

  test("that closes the connection, or is not there", async () => {
    await start((request) => request.socket.destroy());
    expect(await put()).toBe("unavailable");
    server.closeAllConnections();
    const gone = new S3Place(settingsFor(1), log);
    expect(await gone.put("a", 1, Readable.from([Buffer.alloc(1)]))).toBe("unavailable");
    await expect(gone.remove("a")).rejects.toThrow(PlaceUnavailableError);
  });

  test("that breaks off while it gives a file", async () => {
    await start((_, response) => {
      response.writeHead(206, { "content-length": "10" });
      response.write("abc");
      setImmediate(() => response.destroy());
    });
    await expect(read(place, "a", 0, 9)).rejects.toThrow("less than there should be");
  });

  test("that ignores the range is read from its beginning only", async () => {
    await start((_, response) => response.writeHead(200, { "content-length": "3" }).end("xyz"));
    expect(String(await read(place, "a", 0, 2))).toBe("xyz");
    await expect(place.open("a", 1, 2)).rejects.toThrow(PlaceUnavailableError);
  });

  describe("a file in parts", () => {
    const parts = (complete: string) => (request: IncomingMessage, response: ServerResponse) =>
      drained(request, () => {
        if (request.method === "PUT") response.writeHead(200, { etag: '"tag"' }).end();
        else if (request.method === "DELETE") response.writeHead(204).end();
        else if (request.url?.includes("uploads=") === true) response.end("<R><UploadId>u&amp;1</UploadId></R>");
        else response.end(complete);
      });

    test("is put together from them", async () => {
      await start(parts("<R/>"), { partBytes: 4 });
      expect(await put(10)).toBe("stored");
      expect(asked).toEqual([
        "POST /bucket/a?uploads=",
        "PUT /bucket/a?partNumber=1&uploadId=u%261",
        "PUT /bucket/a?partNumber=2&uploadId=u%261",
        "PUT /bucket/a?partNumber=3&uploadId=u%261",
        "POST /bucket/a?uploadId=u%261",
      ]);
    });

    test("leaves nothing when it ends early, or when the store fails after it said that it would not", async () => {
      await start(parts("<Error><Code>InternalError</Code></Error>"), { partBytes: 4 });
      expect(await place.put("a", 10, Readable.from([Buffer.alloc(7)]))).toBe("cut");
      expect(asked.at(-1)).toBe("DELETE /bucket/a?uploadId=u%261");
      expect(await put(10)).toBe("unavailable");
      expect(asked.at(-1)).toBe("DELETE /bucket/a?uploadId=u%261");
    });
  });

  test("is asked with a signature for its region, and not told the key", async () => {
    let headers: IncomingMessage["headers"] = {};
    await start((request, response) => {
      ({ headers } = request);
      drained(request, () => response.end());
    });
    expect(await put()).toBe("stored");
    expect(headers).toMatchObject({ "content-length": "3", "x-amz-content-sha256": "UNSIGNED-PAYLOAD" });
    expect(headers.authorization).toMatch(/^AWS4-HMAC-SHA256 Credential=S3RVER\/\d{8}\/us-east-1\/s3\/aws4_request, /);
    expect(headers.authorization).toMatch(
      /SignedHeaders=host;x-amz-content-sha256;x-amz-date, Signature=[0-9a-f]{64}$/,
    );
  });

  test("the bucket may be part of the host's name", async () => {
    await start((_, response) => response.writeHead(204).end());
    const { port } = server.address() as AddressInfo;
    const other = new S3Place(
      settingsFor(port, { endpoint: `http://localhost:${port}/base/`, path_style: false }),
      log,
    );
    await expect(other.remove("a")).rejects.toThrow(/bucket\.localhost|127\.0\.0\.1/);
    other.close();
  });
});
