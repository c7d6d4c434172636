import { expect, it } from "vitest";
import { account, HOST, type StoresOf } from "./samples.ts";

export function directoryConformance(storesOf: StoresOf): void {
  const keys = (field: string, ...all: string[]) => all.map((key) => ({ field, key }));

  it("finds accounts by the beginnings of their keys", async () => {
    const { directory } = storesOf();
    await directory.put(HOST, "juliet", { last: "Capulet" }, [...keys("last", "capulet"), ...keys("first", "juliet")]);
    await directory.put(HOST, "tybalt", { last: "de Capulet" }, keys("last", "de capulet", "capulet"));
    await directory.put("x.example", "paris", { last: "Capulet" }, keys("last", "capulet"));
    const find = async (...terms: [string, string][]) =>
      (
        await directory.find(
          HOST,
          terms.map(([field, prefix]) => ({ field, prefix })),
          5,
        )
      ).map(({ local }) => local);
    expect(await find(["last", "cap"])).toEqual(["juliet", "tybalt"]);
    expect(await find(["last", "cap"], ["first", "j"])).toEqual(["juliet"]);
    expect(await find(["last", "capulets"])).toEqual([]);
    expect(await find(["first", "cap"])).toEqual([]);
    expect(await find()).toEqual([]);
    expect(await directory.find(HOST, [{ field: "last", prefix: "c" }], 1)).toEqual([
      { local: "juliet", fields: { last: "Capulet" } },
    ]);
  });

  it("takes back what it was told before", async () => {
    const { directory, accounts } = storesOf();
    await accounts.create(account("juliet"));
    await directory.put(HOST, "juliet", { last: "Capulet" }, keys("last", "capulet"));
    await directory.put(HOST, "juliet", null, []);
    expect(await directory.find(HOST, [{ field: "last", prefix: "cap" }], 5)).toEqual([]);
    await directory.put(HOST, "juliet", { last: "Montague" }, keys("last", "montague"));
    await accounts.remove(HOST, "juliet");
    expect(await directory.find(HOST, [{ field: "last", prefix: "mon" }], 5)).toEqual([]);
  });

  it("knows which cards it has not seen", async () => {
    const { directory, personal } = storesOf();
    for (const local of ["a", "b", "c"]) await personal.setVcard(HOST, local, `<vCard id='${local}'/>`);
    await directory.put(HOST, "b", null, []);
    expect(await directory.unlisted(HOST, "", 5)).toEqual([
      { local: "a", vcard: "<vCard id='a'/>" },
      { local: "c", vcard: "<vCard id='c'/>" },
    ]);
    expect(await directory.unlisted(HOST, "a", 1)).toMatchObject([{ local: "c" }]);
    expect(await directory.clear(HOST, 5)).toBe(1);
    expect(await directory.unlisted(HOST, "", 5)).toHaveLength(3);
  });
}
