import { type Browser, chromium } from "@playwright/test";

/** How Debian's Chromium is started; `CHROMIUM` may name another one. */
export const browserOptions = {
  executablePath: process.env["CHROMIUM"] ?? "/usr/bin/chromium",
  args: [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
  ],
};

/** A browser for web clients by others. */
export function openBrowser(): Promise<Browser> {
  return chromium.launch(browserOptions);
}
