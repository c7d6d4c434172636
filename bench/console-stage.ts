import type { Browser, BrowserContext, BrowserContextOptions, Page } from "@playwright/test";
import { logInQuietly } from "../e2e/console/tour-stage.ts";
import { openBrowser } from "../e2e/support/browser.ts";
import { TestServer } from "../e2e/support/server.ts";
import { Sink } from "../e2e/support/sink.ts";
import { pause } from "./session.ts";

/** A line of the report: a budget of the console, what was promised and what was seen. */
export interface BudgetRow {
  readonly id: string;
  readonly what: string;
  readonly goal: string;
  readonly seen: string;
  readonly isMet: boolean;
}

export interface ConsoleTerms {
  readonly stage: ConsoleStage;
  /** Length of the run with 5,000 changes a second. */
  readonly minutes: number;
}

export type ConsoleMeasure = (terms: ConsoleTerms) => Promise<readonly BudgetRow[]>;

const admin = { jid: "admin@localhost", password: "an admin's long password" };
const batch = 1000;
const names = [
  "ada",
  "ben",
  "cleo",
  "dirk",
  "elif",
  "finn",
  "gita",
  "hugo",
  "ines",
  "jun",
  "kemal",
  "lena",
  "mo",
  "nora",
];

/** A server with its console, as many accounts as asked for, and a browser in which an admin has logged in. */
export class ConsoleStage {
  readonly server: TestServer;
  readonly sink: Sink;
  readonly origin: string;
  readonly accounts: number;
  readonly #browser: Browser;
  readonly #cookies: Awaited<ReturnType<BrowserContext["storageState"]>>;

  private constructor(
    server: TestServer,
    sink: Sink,
    browser: Browser,
    cookies: Awaited<ReturnType<BrowserContext["storageState"]>>,
    accounts: number,
  ) {
    this.server = server;
    this.sink = sink;
    this.origin = originOf(server);
    this.accounts = accounts;
    this.#browser = browser;
    this.#cookies = cookies;
  }

  static async start(accounts: number): Promise<ConsoleStage> {
    const sink = await new Sink().start();
    const server = await TestServer.start({
      console: true,
      env: {
        NIGHTPOST_ADMIN: admin.jid,
        NIGHTPOST_ADMIN_PASSWORD: admin.password,
        NIGHTPOST_FORWARD_RETRY_SECONDS: "1,2,5",
      },
    });
    while ((await fetch(`${originOf(server)}/admin/login`).catch(() => null))?.status !== 200) await pause(100);
    for (let first = 0; first < accounts; first += batch)
      await server.api.users.importBatch({
        users: Array.from({ length: Math.min(batch, accounts - first) }, (_, index) => ({
          local: localPart(first + index),
          host: "localhost",
          password: `secret-${first + index}`,
        })),
      });
    const browser = await openBrowser();
    const context = await browser.newContext({ locale: "en-US" });
    await logInQuietly(await context.newPage(), originOf(server), admin);
    const cookies = await context.storageState();
    await context.close();
    return new ConsoleStage(server, sink, browser, cookies, accounts);
  }

  /** A window of its own, with an empty cache; the admin is logged in. */
  async open(options: BrowserContextOptions = {}): Promise<Page> {
    const context = await this.#browser.newContext({
      locale: "en-US",
      timezoneId: "UTC",
      viewport: { width: 1440, height: 900 },
      storageState: this.#cookies,
      ...options,
    });
    return context.newPage();
  }

  /** What an HTTP client needs to be the admin. */
  get cookie(): string {
    return this.#cookies.cookies.map(({ name, value }) => `${name}=${value}`).join("; ");
  }

  async stop(): Promise<void> {
    await this.#browser.close();
    await this.server.stop();
    await this.sink.stop();
  }
}

const originOf = ({ httpPort }: TestServer): string => `http://127.0.0.1:${httpPort}`;

/** `ada-000014`: names that share a beginning, as those of people do. */
export const localPart = (index: number): string => `${names[index % names.length]}-${String(index).padStart(6, "0")}`;

/** The page has loaded, and shows no skeleton any more. */
export async function settled(page: Page): Promise<void> {
  await page.locator("main h1").first().waitFor();
  await page.waitForFunction(() => document.querySelector("[data-skeleton], [aria-busy=true]") === null);
}

/** The value that a share of all values does not exceed. */
export function quantile(values: readonly number[], share: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.ceil(share * sorted.length) - 1)] ?? Number.NaN;
}

export const ms = (value: number): string => `${value.toFixed(value < 10 ? 1 : 0)} ms`;
export const kilobytes = (bytes: number): string => `${Math.round(bytes / 1024)} KB`;
export const megabytes = (bytes: number): string => `${Math.round(bytes / 2 ** 20)} MB`;
