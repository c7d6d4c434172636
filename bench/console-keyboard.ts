import { withoutMouse as work } from "../e2e/console/keyboard.ts";
import type { ConsoleMeasure } from "./console-stage.ts";

/** P10: a day's work by keyboard alone. */
export const withoutMouse: ConsoleMeasure = async ({ stage }) => {
  const page = await stage.open();
  const keys = await work(page, stage.origin, stage.server, stage.sink).catch((error: unknown) => {
    console.error(error);
    return null;
  });
  await page.context().close();
  return [
    {
      id: "P10",
      what: "work without a mouse: make a user, end a session, change a rule, replay, renew a secret",
      goal: "it can be done",
      seen: keys === null ? "it cannot" : `done with ${keys} keys`,
      isMet: keys !== null,
    },
  ];
};
