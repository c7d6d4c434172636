import { expect, it } from "vitest";
import { HOST, type StoresOf } from "./samples.ts";

export function personalConformance(storesOf: StoresOf): void {
  it("keeps a vCard", async () => {
    const { personal } = storesOf();
    expect(await personal.vcard(HOST, "juliet")).toBeNull();
    await personal.setVcard(HOST, "juliet", "<vCard>1</vCard>");
    await personal.setVcard(HOST, "juliet", "<vCard>2</vCard>");
    expect(await personal.vcard(HOST, "juliet")).toBe("<vCard>2</vCard>");
    expect(await personal.vcard(HOST, "nurse")).toBeNull();
  });

  it("lists vCards without their photos", async () => {
    const { personal } = storesOf();
    const photo = `<PHOTO><TYPE>image/png</TYPE><BINVAL>${"A".repeat(50_000)}</BINVAL></PHOTO>`;
    await personal.setVcard(HOST, "juliet", `<vCard><FN>J</FN>${photo}<URL>u</URL></vCard>`);
    await personal.setVcard(HOST, "romeo", "<vCard><FN>R</FN></vCard>");
    await personal.setVcard(HOST, "tybalt", "<vCard><PHOTO/><FN>&lt;/PHOTO></FN></vCard>");
    await personal.setVcard(HOST, "paris", "<vCard/>");
    const accounts = ["juliet", "romeo", "tybalt", "nurse"].map((local) => ({ host: HOST, local }));
    expect(await personal.vcardTexts(accounts)).toEqual(
      new Map([
        [`juliet@${HOST}`, "<vCard><FN>J</FN><URL>u</URL></vCard>"],
        [`romeo@${HOST}`, "<vCard><FN>R</FN></vCard>"],
        [`tybalt@${HOST}`, "<vCard><PHOTO/><FN>&lt;/PHOTO></FN></vCard>"],
      ]),
    );
    expect(await personal.vcardTexts([{ host: "elsewhere.example", local: "juliet" }])).toEqual(new Map());
  });

  it("keeps private XML by namespace and name, within its limit", async () => {
    const { personal } = storesOf();
    const set = (name: string, xml: string) => personal.setPrivate(HOST, "juliet", "storage:bookmarks", name, xml, 10);
    expect(await set("storage", "12345678")).toBe(true);
    expect(await set("other", "123")).toBe(false);
    expect(await set("other", "ä")).toBe(true);
    expect(await set("storage", "123456789")).toBe(false);
    expect(await set("storage", "1234")).toBe(true);
    expect(await personal.private(HOST, "juliet", "storage:bookmarks", "storage")).toBe("1234");
    expect(await personal.privates(HOST, "juliet")).toEqual(["ä", "1234"]);
    expect(await personal.privates(HOST, "nurse")).toEqual([]);
    expect(await personal.private(HOST, "juliet", "storage:other", "storage")).toBeNull();
    expect(await personal.private(HOST, "nurse", "storage:bookmarks", "storage")).toBeNull();
  });

  it("keeps a block list, within its limit", async () => {
    const { personal } = storesOf();
    const change = (add: string[], remove: string[] | null = []) => personal.setBlocked(HOST, "juliet", add, remove, 3);
    expect(await personal.blocked(HOST, "juliet")).toEqual([]);
    expect(await change(["tybalt@x.example", "a.example"])).toBe(true);
    expect(await change(["a.example", "b.example"])).toBe(true);
    expect(await change(["c.example"])).toBe(false);
    expect(await personal.blocked(HOST, "juliet")).toEqual(["a.example", "b.example", "tybalt@x.example"]);
    expect(await change(["c.example"], ["a.example", "d.example"])).toBe(true);
    expect(await personal.blocked(HOST, "juliet")).toEqual(["b.example", "c.example", "tybalt@x.example"]);
    expect(await personal.blocked(HOST, "nurse")).toEqual([]);
    expect(await change([], null)).toBe(true);
    expect(await personal.blocked(HOST, "juliet")).toEqual([]);
  });
}
