import { expect, expectAccessible, test } from "./story.ts";

const table = [
  "Full name;Room;Login;Pass",
  "Placentia C.;7;placentia;a fair password",
  '"=HYPERLINK(""x"")";8;lucio;another password',
  "half a line;9",
  "",
].join("\r\n");

test("a table is mapped, tried, and imported; lines that make no account are named", async ({
  signedIn: page,
  story: { server, origin },
}) => {
  await page.goto(`${origin}/admin/imports?from=csv`);
  await page
    .locator("input[type=file]")
    .setInputFiles({ name: "guests.csv", mimeType: "text/csv", buffer: Buffer.from(`\uFEFF${table}`) });
  await expect(page.getByLabel("Column Login is")).toHaveValue("user");
  await expect(page.getByLabel("Column Pass is")).toHaveValue("password");
  await expect(page.getByLabel("Column Room is")).toHaveValue("");
  await expect(page.getByText("a fair password")).toHaveCount(0);
  await expect(page.getByText("0 accounts")).toBeVisible();
  await page.getByLabel("Host of the accounts").selectOption("localhost");
  await expect(page.getByText("2 accounts")).toBeVisible();
  await page.getByLabel("Column Room is").selectOption("name");
  await expect(page.getByLabel("Column Full name is")).toHaveValue("");
  await page.getByLabel("Column Full name is").selectOption("name");
  await expect(page.getByLabel("Column Room is")).toHaveValue("");
  await expectAccessible(page);

  await page.getByRole("button", { name: "Dry run" }).click();
  await expect(page.getByText("nothing was changed")).toBeVisible();
  await expect(page.getByText("guests.csv:4")).toBeVisible();
  await expect(page.getByText("expected 4 fields")).toBeVisible();
  await expectAccessible(page);
  await expect(server.api.users.get({ jid: "placentia@localhost" })).rejects.toThrow();

  await page.getByRole("button", { name: "Import…" }).click();
  await page.getByRole("dialog").getByRole("button", { name: "Import", exact: true }).click();
  await expect(page.getByText("What has become of it")).toBeVisible();
  const matches = await server.api.users.checkPassword({ jid: "placentia@localhost", password: "a fair password" });
  expect(matches).toEqual({ matches: true });
  expect((await server.api.users.raw({ jid: "lucio@localhost" })).vcard).toContain('=HYPERLINK("x")');
});

const openfire = `<?xml version="1.0" encoding="UTF-8"?>
<Openfire><User><Username>lychorida</Username><Password>a fair password</Password><Name>Lychorida</Name>
<Roster><Item jid="sebastian@old.example" askstatus="-1" recvstatus="-1" substatus="3" name="M"/></Roster></User></Openfire>`;

test("accounts of an Openfire go to the host that is chosen, and their contacts with them", async ({
  signedIn: page,
  story: { server, origin },
}) => {
  await page.goto(`${origin}/admin/imports?from=openfire`);
  await page
    .locator("input[type=file]")
    .setInputFiles({ name: "users.xml", mimeType: "text/xml", buffer: Buffer.from(openfire) });
  await expect(page.getByText("1 account")).toBeVisible();
  await page.getByLabel("Host for the accounts of old.example").selectOption("localhost");
  await page.getByRole("button", { name: "Dry run" }).click();
  await expect(page.getByText("nothing was changed")).toBeVisible();
  await expectAccessible(page);
  await page.getByRole("button", { name: "Import…" }).click();
  await page.getByRole("dialog").getByRole("button", { name: "Import", exact: true }).click();
  await expect(page.getByText("What has become of it")).toBeVisible();
  const { roster } = await server.api.users.get({ jid: "lychorida@localhost" });
  expect(roster).toMatchObject([{ jid: "sebastian@localhost", subscription: "both" }]);
});
