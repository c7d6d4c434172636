import { defineConfig } from "@playwright/test";
import { browserOptions } from "./e2e/support/browser.ts";

export default defineConfig({
  testDir: "e2e/console",
  // One server and one browser at a time: two cores are shared by both and by the tests.
  workers: 1,
  fullyParallel: false,
  timeout: 90_000,
  expect: { timeout: 20_000 },
  reporter: [["list"]],
  outputDir: "test-results",
  use: {
    viewport: { width: 1440, height: 900 },
    locale: "en-US",
    timezoneId: "UTC",
    trace: "retain-on-failure",
    launchOptions: browserOptions,
  },
});
