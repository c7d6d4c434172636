import { chatAs, expect, expectAccessible, forget, test } from "./story.ts";

const users = ["beatrice", "benedick"];

test.beforeAll(async ({ story: { server, sink } }) => {
  for (const user of users) await server.register(user, `${user}'s long password`);
  const target = { kind: "webhook", url: sink.url, preset: "json", allowPrivate: true, maxAttempts: 1 } as const;
  await server.api.forward.setTarget({ name: "post", target });
  await server.api.forward.setRules({ rules: [{ name: "post", targets: ["post"] }] });
});

test.afterAll(async ({ story: { server } }) => forget(server, "post", "late", "refuses", "takes"));

test("some of what died is replayed by selection, the rest by what failed since", async ({
  signedIn: page,
  story: { server, sink, origin },
}) => {
  sink.status = 400;
  const benedick = await chatAs(server, "benedick", "benedick's long password");
  for (let index = 0; index < 6; index += 1)
    benedick.send(`<message type='chat' to='beatrice@localhost'><body>${index}</body></message>`);
  await benedick.ping();
  await page.goto(`${origin}/admin/forward/dead?target=post`);
  const rows = page.getByRole("row").filter({ hasText: "beatrice@localhost" });
  await expect(rows).toHaveCount(6);
  const reason = page.getByRole("region", { name: "Reason" }).getByRole("button").first();
  await expect(reason).toContainText("6");
  await reason.click();
  await expect(page).toHaveURL(/reason=/);
  await expect(rows).toHaveCount(6);
  await expectAccessible(page);

  sink.status = 200;
  const before = sink.requests.length;
  const bodies = () =>
    sink.requests
      .slice(before)
      .map(({ body }) => (JSON.parse(body) as { message: { body: string } }).message.body)
      .toSorted();
  // Without a mouse: the blank selects a row, j goes to the next.
  await rows.nth(0).focus();
  for (const key of ["Space", "j", "Space"]) await page.keyboard.press(key);
  await expect(page.getByText("2 selected")).toBeVisible();
  await page.getByRole("button", { name: "Replay selected…" }).focus();
  await page.keyboard.press("Enter");
  const replay = page.getByRole("dialog", { name: "Replay dead events" });
  await replay.getByRole("button", { name: "Replay 2 events" }).click();
  await expect(replay.getByText("2 of 2 on their way · done")).toBeVisible();
  await replay.getByRole("button", { name: "Close", exact: true }).last().click();
  await sink.until(() => sink.requests.length === before + 2);
  expect(bodies()).toEqual(["4", "5"]);
  await expect(rows).toHaveCount(4, { timeout: 15_000 });

  await page.getByRole("button", { name: "Recover…" }).click();
  const recover = page.getByRole("dialog", { name: "Recover after an outage" });
  await expect(recover.getByText("4 events failed.")).toBeVisible();
  await expectAccessible(page);
  await recover.getByRole("button", { name: "Send 4 events" }).click();
  await expect(recover.getByText("4 of 4 on their way · done")).toBeVisible();
  await recover.getByRole("button", { name: "Close", exact: true }).last().click();
  await sink.until(() => sink.requests.length === before + 6);
  expect(bodies()).toEqual(["0", "1", "2", "3", "4", "5"]);
  await expect(page.getByRole("table", { name: "Jobs" }).getByRole("row")).toHaveCount(3);
  await benedick.close();
});

test("what a target missed because it is new is sent to it", async ({
  signedIn: page,
  story: { server, sink, origin },
}) => {
  const target = { kind: "webhook", url: sink.url, preset: "json", allowPrivate: true } as const;
  await server.api.forward.setTarget({ name: "late", target });
  const rule = { name: "late", targets: ["late"], recipients: ["beatrice@localhost"] };
  await server.api.forward.setRules({ rules: [{ name: "post", targets: ["post"] }, rule] });
  await page.goto(`${origin}/admin/forward/targets`);
  await page.getByRole("button", { name: "More actions: late" }).click();
  await page.getByRole("menuitem", { name: "Recover…" }).click();
  const recover = page.getByRole("dialog", { name: "Recover after an outage" });
  await recover.getByRole("radio", { name: "What it missed" }).click();
  await expect(recover.getByText("6 messages are missing.")).toBeVisible();
  const before = sink.requests.length;
  await recover.getByRole("button", { name: "Send 6 events" }).click();
  await expect(recover.getByText("6 of 6 on their way · done")).toBeVisible();
  await sink.until(() => sink.requests.length === before + 6);
});

test("what one web server refused is replayed to another", async ({
  signedIn: page,
  story: { server, sink, origin },
}) => {
  const target = { kind: "webhook", url: sink.url, preset: "json", allowPrivate: true, maxAttempts: 1 } as const;
  await server.api.forward.setTarget({ name: "refuses", target });
  await server.api.forward.setTarget({ name: "takes", target: { ...target, preset: "classic" } });
  await server.api.forward.setRules({ rules: [{ name: "refuses", targets: ["refuses"] }] });
  sink.status = 400;
  const benedick = await chatAs(server, "benedick", "benedick's long password");
  benedick.send("<message type='chat' to='beatrice@localhost'><body>against my will</body></message>");
  await benedick.ping();
  await benedick.close();
  await page.goto(`${origin}/admin/forward/dead?target=refuses`);
  await expect(page.getByRole("row").filter({ hasText: "beatrice@localhost" })).toHaveCount(1);
  sink.status = 200;
  const before = sink.requests.length;
  await page.getByRole("button", { name: "Replay all matching…" }).click();
  const replay = page.getByRole("dialog", { name: "Replay dead events" });
  await replay.getByLabel("Send to").selectOption("takes");
  await expect(replay.getByText(/has already, or cannot be told any more, stays dead/)).toBeVisible();
  await expect(replay.getByText("nightpost forward replay --target refuses --to takes")).toBeAttached();
  await expectAccessible(page);
  await replay.getByRole("button", { name: "Replay 1 event" }).click();
  await expect(replay.getByText("1 of 1 on their way · done")).toBeVisible();
  await sink.until(() => sink.requests.length === before + 1);
  expect(new URLSearchParams(sink.requests.at(-1)!.body).get("body")).toBe("against my will");
  await replay.getByRole("button", { name: "Close", exact: true }).last().click();
  await expect(page.getByRole("table", { name: "Jobs" })).toContainText("Replay of dead events, to takes");
});
