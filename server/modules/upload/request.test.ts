import { describe, expect, test } from "vitest";
import { el } from "../../xmpp/element.ts";
import { StanzaError } from "../../xmpp/errors.ts";
import { isNamed, NS_PURPOSE, NS_UPLOAD, readRequest, shownName } from "./request.ts";

describe("the name in URLs", () => {
  test.each([
    ["très cool.jpg", "très cool.jpg"],
    ["../../etc/passwd", "_.._.._etc_passwd".replace("_.._.._", "__.._")],
    ["..", "_"],
    [".htaccess", "_htaccess"],
    ["a/b\\c", "a_b_c"],
    ["100%41.txt", "100_41.txt"],
    ['x"; filename="y', "x_; filename=_y"],
    ["photo\u202Egpj.exe", "photo_gpj.exe"],
    ["a\r\nset-cookie: b", "a__set-cookie_ b"],
    [" ", "_"],
    ["\ud800.txt", "_.txt"],
    [`${"a".repeat(300)}.jpeg`, `${"a".repeat(145)}.jpeg`],
    ["😀".repeat(200), "😀".repeat(150)],
  ])("%j", (given, expected) => {
    expect(shownName(given)).toBe(expected);
    expect(() => encodeURIComponent(expected)).not.toThrow();
  });
});

describe("requests", () => {
  const request = (attrs: Record<string, string>, ...children: ReturnType<typeof el>[]) =>
    el("request", NS_UPLOAD, attrs, ...children);

  test("say name, size and type", () => {
    const attrs = { filename: "a.JPG", size: "5", "content-type": "Image/JPEG; q=1" };
    expect(readRequest(request(attrs))).toEqual({
      name: "a.JPG",
      size: 5,
      mediaType: "image/jpeg",
      expireBefore: null,
    });
    expect(readRequest(request({ filename: "a", size: "5" })).mediaType).toBe("application/octet-stream");
    const soon = el("ephemeral", NS_PURPOSE, { "expire-before": "1970-01-01T00:00:09Z" });
    expect(readRequest(request({ filename: "a", size: "5" }, soon)).expireBefore).toBe(9000);
  });

  test.each<[string, Record<string, string>]>([
    ["no name", { size: "5" }],
    ["an empty name", { filename: "", size: "5" }],
    ["a long name", { filename: "a".repeat(1025), size: "5" }],
    ["no size", { filename: "a" }],
    ["nothing", { filename: "a", size: "0" }],
    ["a negative size", { filename: "a", size: "-1" }],
    ["half a byte", { filename: "a", size: "1.5" }],
    ["a size in hex", { filename: "a", size: "0x10" }],
    ["a size no number holds", { filename: "a", size: "9999999999999999" }],
    ["no type", { filename: "a", size: "1", "content-type": "jpeg" }],
    ["two lines of a type", { filename: "a", size: "1", "content-type": "text/plain\r\nx: y" }],
    ["a line in the parameters", { filename: "a", size: "1", "content-type": "text/plain; a\r\nx: y" }],
  ])("are refused with %s", (_name, attrs) => {
    expect(() => readRequest(request(attrs))).toThrow(StanzaError);
  });

  test("are refused with an end that is no time", () => {
    const ephemeral = el("ephemeral", NS_PURPOSE, { "expire-before": "soon" });
    expect(() => readRequest(request({ filename: "a", size: "1" }, ephemeral))).toThrow("expire-before");
  });
});

test("patterns name types", () => {
  expect(isNamed("video/mp4", ["text/html", "video/*"])).toBe(true);
  expect(isNamed("text/html", ["text/html"])).toBe(true);
  expect(isNamed("text/html5", ["text/html", "video/*"])).toBe(false);
  expect(isNamed("videos/mp4", ["video/*"])).toBe(false);
});
