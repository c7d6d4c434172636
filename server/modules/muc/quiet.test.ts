import { afterEach, beforeEach, describe, expect, test } from "vitest";
import type { TestClient, TestServer } from "../../core/testing.ts";
import { admin, coven, enter, founded, outcome, received, shown, witches } from "./testing.ts";

let server: TestServer;
let crone: TestClient;

beforeEach(async () => {
  server = await witches({ quiet_above: 2 });
  crone = await founded(server, { "muc#roomconfig_persistentroom": "1" });
});
afterEach(async () => {
  expect(server.complaints).toEqual([]);
  await server.stop();
});

const connect = (name: string): Promise<TestClient> => server.connect(`${name}@macbeth.example/pda`);
const role = (nick: string, to: string): Promise<string> =>
  outcome(crone, `<query ${admin}><item nick='${nick}' role='${to}'/></query>`);

describe("a room with more occupants than everybody is told of", () => {
  let wiccarocks: TestClient;
  let hag: TestClient;
  let told: string[];

  beforeEach(async () => {
    wiccarocks = await connect("wiccarocks");
    await enter(wiccarocks, "secondwitch");
    await crone.sync();
    hag = await connect("hag66");
    told = (await enter(hag, "thirdwitch")).map(shown);
  });

  test("tells whoever enters of the moderators only", () => {
    expect(told.slice(0, 2)).toEqual([
      "available firstwitch owner/moderator",
      "available thirdwitch none/participant 110,170",
    ]);
  });

  test("tells moderators of everybody who comes, changes and goes, and nobody else", async () => {
    expect(await received(crone)).toEqual(["available thirdwitch none/participant"]);
    hag.send(`<presence to='${coven}/thirdwitch'><show>away</show></presence>`);
    expect(await received(hag)).toEqual(["available thirdwitch none/participant 110"]);
    expect(await received(crone)).toEqual(["available thirdwitch none/participant"]);
    hag.send(`<presence to='${coven}/oldhag'/>`);
    await hag.sync();
    expect(await received(crone)).toEqual([
      "unavailable thirdwitch none/participant 303",
      "available oldhag none/participant",
    ]);
    hag.send(`<presence type='unavailable' to='${coven}/oldhag'/>`);
    expect(await received(hag)).toEqual(["unavailable oldhag none/none 110"]);
    expect(await received(crone)).toEqual(["unavailable oldhag none/none"]);
    expect(await received(wiccarocks)).toEqual([]);
  });

  test("lets everybody hear what is said", async () => {
    await crone.sync();
    hag.send(`<message type='groupchat' to='${coven}'><body>hail</body></message>`);
    await hag.sync();
    for (const client of [crone, wiccarocks]) expect(await received(client)).toEqual(["thirdwitch: hail"]);
  });

  test("tells everybody when somebody leaves whom they were told of", async () => {
    wiccarocks.send(`<presence type='unavailable' to='${coven}/secondwitch'/>`);
    await wiccarocks.sync();
    expect(await received(crone)).toContain("unavailable secondwitch none/none");
    expect(await received(hag)).toEqual(["unavailable secondwitch none/none"]);
  });

  test("tells whoever becomes a moderator of everybody, and everybody of them", async () => {
    await wiccarocks.sync();
    expect(await role("thirdwitch", "moderator")).toBe("ok");
    expect(await received(hag)).toEqual([
      "available thirdwitch none/moderator 110",
      "available firstwitch owner/moderator",
      "available secondwitch none/participant",
    ]);
    expect(await received(wiccarocks)).toEqual(["available thirdwitch none/moderator"]);
    expect(await role("thirdwitch", "participant")).toBe("ok");
    expect(await received(wiccarocks)).toEqual(["available thirdwitch none/participant"]);
  });

  test("tells everybody of everybody again when fewer are there", async () => {
    wiccarocks.send(`<presence type='unavailable' to='${coven}/secondwitch'/>`);
    await wiccarocks.sync();
    await hag.sync();
    hag.send(`<presence type='unavailable' to='${coven}/thirdwitch'/>`);
    await hag.sync();
    const macbeth = await connect("macbeth");
    expect((await enter(macbeth, "thane")).map(shown)).toContain("available firstwitch owner/moderator");
    await enter(hag, "thirdwitch");
    expect(await received(macbeth)).toEqual([]);
  });
});
