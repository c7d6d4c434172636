import { expect, test } from "vitest";
import { RoomSettings, type RoomDetail } from "../../lib/contracts/rooms.ts";
import { changeOf, diffOf, draftOf } from "./settings-form.ts";

const settings = RoomSettings.parse({
  name: "Hall",
  description: "",
  language: "",
  isPersistent: true,
  isPublic: true,
  isMembersOnly: false,
  isModerated: false,
  whois: "moderators",
  mayParticipantsChangeSubject: false,
  mayParticipantsInvite: true,
  privateMessages: "anyone",
  maxOccupants: 100,
  presenceOf: ["moderator"],
  memberListFor: [],
  isArchived: true,
  historyLength: 20,
  absent: null,
});
const room = { settings, hasPassword: true } as RoomDetail;
const draft = draftOf(room);

test("nothing changed is no change", () => expect(changeOf(room, draft)).toEqual({}));

test.each([
  ["a text", { name: "Ball" }, { name: "Ball" }, [{ path: "name", before: "Hall", after: "Ball" }]],
  ["a list", { presenceOf: [] }, { presenceOf: [] }, [{ path: "presenceOf", before: ["moderator"], after: [] }]],
  ["a password", { password: "new" }, { password: "new" }, [{ path: "password", before: "***", after: "***" }]],
  ["no password", { hasPassword: false }, { password: null }, [{ path: "password", before: "***", after: null }]],
])("%s", (_, edit, change, diff) => {
  const changed = changeOf(room, { ...draft, ...edit });
  expect(changed).toEqual(change);
  expect(diffOf(room, changed)).toEqual(diff);
});
