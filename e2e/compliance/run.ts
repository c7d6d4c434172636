import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { freePort } from "../support/ports.ts";
import { TestServer } from "../support/server.ts";
import { trustCertificateOf } from "../support/trust.ts";
import { call } from "./call.ts";
import { chatAdvanced } from "./chat-advanced.ts";
import { chat } from "./chat.ts";
import { core } from "./core.ts";
import { mobile } from "./mobile.ts";
import { componentSecret, Stage, type Transport } from "./stage.ts";
import type { Category, Row } from "./suite.ts";
import { web } from "./web.ts";

const categories: readonly Category[] = [core, web, { name: "IM", rows: [...chat, ...chatAdvanced] }, mobile, call];
const transports: readonly Transport[] = ["tcp", "websocket"];
const rowMs = 20_000;
let marks = 0;

/**
 * `node e2e/compliance/run.ts [part of a row's name …]`: shows each row of XEP-0479 (XMPP Compliance Suites 2023) that a server
 * has to fill on a server of its own with default settings, over TCP and over WebSocket. Exits 0 when all rows of the Advanced
 * level pass.
 */
async function main(words: readonly string[]): Promise<number> {
  const server = await TestServer.start({
    env: {
      NIGHTPOST_STARTTLS: "required",
      NIGHTPOST_PLAIN_WITHOUT_TLS: "false",
      NIGHTPOST_COMPONENT_PORT: String(await freePort()),
    },
  });
  // Files are uploaded over HTTPS.
  trustCertificateOf(server);
  await nameRelay(server);
  await nameComponent(server);
  let passed = 0;
  let failed = 0;
  try {
    console.log("XEP-0479, XMPP Compliance Suites 2023: rows with a server column, Advanced level");
    console.log("A row that is not about how clients connect has one mark.\n");
    console.log("TCP   WebSocket");
    for (const { name, rows } of categories) {
      const chosen = rows.filter((row) => isNamed(`${name} ${row.feature} ${row.specifications}`, words));
      if (chosen.length === 0) continue;
      console.log(`\n${name}`);
      for (const row of chosen) {
        const failures = await perform(server, row);
        const isPassed = failures.every((failure) => failure === null);
        if (isPassed) passed += 1;
        else failed += 1;
        const [first = null, second] = failures;
        console.log(
          `${mark(first)}  ${second === undefined ? "    " : mark(second)}       ${row.feature} (${row.specifications})${levelOf(row)}`,
        );
        console.log(`                  ${row.behaviour}`);
        for (const failure of new Set(failures))
          if (failure !== null) console.log(`                  FAIL: ${failure}`);
      }
    }
  } finally {
    await server.stop();
  }
  console.log(`\n${passed} passed, ${failed} failed`);
  return failed === 0 ? 0 : 1;
}

/** A setting that has no default: which TURN server there is, only the operator can say. */
async function nameRelay(server: TestServer): Promise<void> {
  const file = join(server.data, "turn.secret");
  writeFileSync(file, "as long as a secret is", { mode: 0o600 });
  const services = ["stun", "turn"].map((type) => ({ type, host: "turn.example.org" }));
  const setting = { enabled: true, options: { services, turn_secret_file: file } };
  await server.api.modules.set({ name: "external-services", setting });
}

/** The other one: which programs beside the server serve a domain. */
async function nameComponent(server: TestServer): Promise<void> {
  const file = join(server.data, "component.secret");
  writeFileSync(file, componentSecret, { mode: 0o600 });
  const components = [{ domain: "echo.@HOST@", name: "Echo", secret_file: file }];
  await server.api.modules.set({ name: "components", setting: { enabled: true, options: { components } } });
}

/** What went wrong on each transport; null: nothing. */
async function perform(server: TestServer, row: Row): Promise<(string | null)[]> {
  const outcomes: (string | null)[] = [];
  for (const transport of row.isOnce === true ? transports.slice(0, 1) : transports) {
    const stage = new Stage(server, transport, `c${(marks += 1)}`);
    outcomes.push(await outcome(row, stage));
    await stage.end();
  }
  return outcomes;
}

async function outcome(row: Row, stage: Stage): Promise<string | null> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`not shown within ${rowMs / 1000} seconds`)), rowMs);
  });
  try {
    await Promise.race([row.show(stage), late]);
    return null;
  } catch (error) {
    return `${error instanceof Error ? error.message : String(error)} (${stage.transport})`;
  } finally {
    clearTimeout(timer);
  }
}

function isNamed(title: string, words: readonly string[]): boolean {
  return words.length === 0 || words.some((word) => title.toLowerCase().includes(word.toLowerCase()));
}

function mark(failure: string | null): string {
  return failure === null ? "ok  " : "FAIL";
}

function levelOf({ level }: Row): string {
  return level === "server" ? "" : `, ${level}`;
}

process.exitCode = await main(process.argv.slice(2));
