/** Rooms, uploads and components as an admin deals with them. */
import { admin, chatAs, expect, test } from "./story.ts";

const service = "conference.localhost";

test("a room is made, changed, and destroyed", async ({ signedIn: page, story: { server, origin } }) => {
  await server.register("lady", "a long password");
  await page.goto(`${origin}/admin/rooms`);
  await page.getByRole("button", { name: "Create room" }).first().click();
  await page.getByLabel("Name in the address").fill("castle");
  await page.getByLabel(/^Name\s*optional/).fill("The Castle");
  await page.getByRole("button", { name: "Create", exact: true }).click();
  await expect(page.getByRole("heading", { level: 1 })).toContainText(`castle@${service}`);

  const lady = await chatAs(server, "lady", "a long password");
  lady.send(`<presence to='castle@${service}/Lady'><x xmlns='http://jabber.org/protocol/muc'/></presence>`);
  const occupants = page.getByRole("table", { name: "There now" });
  await expect(occupants).toContainText("Lady");
  await page.getByRole("button", { name: "Change role: Lady" }).click();
  await page.getByRole("menuitem", { name: "Moderator" }).click();
  await expect(occupants).toContainText("Moderator");

  await page.getByRole("tab", { name: "Settings" }).click();
  await page.getByLabel("For members only").check();
  await page.getByRole("button", { name: /review/i }).click();
  const review = page.getByRole("dialog");
  await expect(review).toContainText("isMembersOnly");
  await review.getByRole("button", { name: "Apply" }).click();
  await expect(page.getByText("members only", { exact: true })).toBeVisible();
  // She is no member.
  await page.getByRole("tab", { name: "There now" }).click();
  await expect(page.getByText("Nobody is in this room.")).toBeVisible();

  await page.getByRole("tab", { name: "Affiliations" }).click();
  await page.getByRole("button", { name: "Import CSV" }).click();
  await page.getByLabel(/^CSV/).fill("lady@localhost,member,Lady\nthane@x.example,outcast,,treason");
  await page.getByRole("button", { name: "Import", exact: true }).click();
  await expect(page.getByRole("dialog")).toContainText("2 changed");
  await page.getByRole("dialog").getByRole("button", { name: "Close" }).last().click();
  await expect(page.getByRole("table", { name: "Affiliations" })).toContainText("treason");

  await page.getByRole("button", { name: "Destroy" }).click();
  await page.getByLabel(/to confirm/).fill(`castle@${service}`);
  await page.getByRole("dialog").getByRole("button", { name: "Destroy" }).click();
  await expect(page).toHaveURL(/\/admin\/rooms\/?$/);
  await lady.close();
});

test("what was said is covered, and reading it is recorded", async ({ signedIn: page, story: { server, origin } }) => {
  await server.register("duncan", "a long password");
  await server.api.rooms.create({ jid: `throne@${service}`, owner: "duncan@localhost" });
  const duncan = await chatAs(server, "duncan", "a long password");
  duncan.send(`<presence to='throne@${service}/Duncan'><x xmlns='http://jabber.org/protocol/muc'/></presence>`);
  duncan.send(`<message type='groupchat' to='throne@${service}'><body>What bloody man is that?</body></message>`);
  await duncan.ping();
  await page.goto(`${origin}/admin/rooms/room?jid=throne@${service}&tab=history`);
  await expect(page.getByText("recorded in the audit log")).toBeVisible();
  await expect(page.getByText("What bloody man")).toBeHidden();
  await page.getByRole("button", { name: "Show what was said" }).click();
  await expect(page.getByText("What bloody man is that?")).toBeVisible();
  await page.goto(`${origin}/admin/audit`);
  await expect(page.getByText(`${admin.jid} read what was said in room throne@${service}`)).toBeVisible();
  await duncan.close();
});

test("rooms that nobody uses are destroyed by filter, after a look", async ({ signedIn: page, story }) => {
  const { server, origin } = story;
  for (const name of ["heath-1", "heath-2", "heath-3"])
    await server.api.rooms.create({ jid: `${name}@${service}`, owner: admin.jid });
  await page.goto(`${origin}/admin/rooms?q=heath`);
  await page.getByRole("button", { name: "Destroy matching…" }).click();
  const dialog = page.getByRole("dialog");
  await expect(dialog).toContainText("3 rooms match.");
  await dialog.getByLabel(/to confirm/).fill("destroy 3");
  await dialog.getByRole("button", { name: "Destroy 3 rooms" }).click();
  await expect(dialog).toContainText("3 of 3 rooms destroyed · done");
  await dialog.getByRole("button", { name: "Close" }).last().click();
  await expect(page.getByText("No room matches these filters.")).toBeVisible();
});

test("a component gets a secret once, and another one", async ({ signedIn: page, story: { origin } }) => {
  await page.goto(`${origin}/admin/components`);
  await page.getByRole("button", { name: "Add component" }).first().click();
  await page.getByLabel("Domain").fill("irc.localhost");
  await page.getByRole("button", { name: "Add", exact: true }).click();
  const dialog = page.getByRole("dialog", { name: "Secret of irc.localhost" });
  const first = await dialog.locator("code").innerText();
  expect(first).toMatch(/^[\w-]{32}$/);
  await dialog.getByRole("button", { name: "I have it" }).click();
  await page.getByRole("button", { name: "More actions: irc.localhost" }).click();
  await page.getByRole("menuitem", { name: "New secret…" }).click();
  await page.getByRole("dialog").getByRole("button", { name: "New secret" }).click();
  await expect(dialog.locator("code")).not.toHaveText(first);
  await dialog.getByRole("button", { name: "I have it" }).click();
  await expect(page.getByRole("table", { name: "Components" })).toContainText("not connected");
});

test("a file is found by its name and deleted", async ({ signedIn: page, story: { server, origin } }) => {
  await server.register("banquo", "a long password");
  const banquo = await chatAs(server, "banquo", "a long password");
  const request = "<request xmlns='urn:xmpp:http:upload:0' filename='ghost.png' size='9' content-type='image/png'/>";
  await banquo.ask("get", "upload.localhost", request);
  await banquo.close();
  await page.goto(`${origin}/admin/uploads`);
  await page.getByLabel("Search name or type").fill("ghost");
  const row = page.getByRole("row", { name: /ghost\.png/ });
  await expect(row).toContainText("waiting");
  await row.getByRole("button", { name: "Delete" }).click();
  await page.getByRole("dialog").getByRole("button", { name: "Delete" }).click();
  await expect(page.getByText("No file matches these filters.")).toBeVisible();
});
