import { readdirSync, readFileSync } from "node:fs";
import { gzipSync } from "node:zlib";
import { pages } from "../e2e/console/tour-stage.ts";
import { firstLoadBytes, firstLoads } from "../scripts/first-load.mjs";
import { type ConsoleMeasure, type ConsoleStage, kilobytes, megabytes, ms, quantile } from "./console-stage.ts";
import { residentBytes } from "./counters.ts";
import { pause } from "./session.ts";

/** Pages that need nothing but their path. */
const paths = Object.values(pages).filter((path) => !path.includes("?"));
const kibibyte = 1024;
const rounds = 20;

/** P1: the first thing to see, in a browser that has never been there. */
export const firstPaint: ConsoleMeasure = async ({ stage }) => {
  const seen: number[] = [];
  for (const path of paths) {
    const page = await stage.open();
    await page.goto(`${stage.origin}/admin${path}`);
    seen.push(
      await page.evaluate(
        () =>
          new Promise<number>((resolve) => {
            new PerformanceObserver((list) => {
              for (const entry of list.getEntriesByName("first-contentful-paint")) resolve(entry.startTime);
            }).observe({ type: "paint", buffered: true });
          }),
      ),
    );
    await page.context().close();
  }
  const p75 = quantile(seen, 0.75);
  const worst = quantile(seen, 1);
  return [
    {
      id: "P1",
      what: `first contentful paint, cold cache, ${seen.length} pages`,
      goal: "p75 600 ms",
      seen: `p75 ${ms(p75)}, worst ${ms(worst)}`,
      isMet: p75 <= 600,
    },
  ];
};

/** P2: the HTML of every page in both languages, one request at a time. */
export const html: ConsoleMeasure = async ({ stage }) => {
  const seen: number[] = [];
  for (let round = 0; round < rounds; round += 1)
    for (const language of ["en", "zh-CN"])
      for (const path of paths) {
        const took = await fetchPage(stage, path, language);
        // The first round loads the pages into the process.
        if (round > 0) seen.push(took);
      }
  const p95 = quantile(seen, 0.95);
  return [
    {
      id: "P2",
      what: `HTML of a page, ${seen.length} requests`,
      goal: "p95 30 ms",
      seen: `p50 ${ms(quantile(seen, 0.5))}, p95 ${ms(p95)}`,
      isMet: p95 <= 30,
    },
  ];
};

async function fetchPage(stage: ConsoleStage, path: string, language: string): Promise<number> {
  const startedAt = performance.now();
  const response = await fetch(`${stage.origin}/admin${path}`, {
    headers: { cookie: stage.cookie, "accept-language": language },
  });
  await response.text();
  if (response.status !== 200) throw new Error(`${path}: ${response.status}`);
  return performance.now() - startedAt;
}

/** P3: what each page asks for before it can be used, and the rest. */
export const scripts: ConsoleMeasure = async () => {
  const pages = firstLoads();
  for (const { page, bytes } of pages) console.error(`${page}: ${kilobytes(bytes)}`);
  const [heaviest] = pages;
  const overview = pages.find(({ page }) => page === "/");
  if (heaviest === undefined || overview === undefined) throw new Error("the console is not built");
  const first = new Set(pages.flatMap((page) => page.scripts));
  const lazy = chunks().filter(({ name }) => !first.has(name));
  const worst = lazy.reduce((most, chunk) => (chunk.bytes > most.bytes ? chunk : most), { name: "none", bytes: 0 });
  const goal = kilobytes(firstLoadBytes);
  return [
    {
      id: "P3",
      what: `scripts of the heaviest of ${pages.length} pages, gzip (${heaviest.page})`,
      goal,
      seen: kilobytes(heaviest.bytes),
      isMet: heaviest.bytes <= firstLoadBytes,
    },
    {
      id: "P3",
      what: "scripts of the overview, gzip",
      goal,
      seen: kilobytes(overview.bytes),
      isMet: overview.bytes <= firstLoadBytes,
    },
    {
      id: "P3",
      what: `largest of ${lazy.length} scripts that come later, gzip`,
      goal: "90 KB",
      seen: `${kilobytes(worst.bytes)} (${worst.name})`,
      isMet: worst.bytes <= 90 * kibibyte,
    },
  ];
};

/** Every script of the console, and what it weighs on the way. */
function chunks(): { name: string; bytes: number }[] {
  const folder = new URL("../.next/static/chunks/", import.meta.url);
  return readdirSync(folder, { recursive: true, encoding: "utf8" })
    .filter((name) => name.endsWith(".js"))
    .map((name) => ({
      name: name.slice(name.lastIndexOf("/") + 1),
      bytes: gzipSync(readFileSync(new URL(name, folder))).byteLength,
    }));
}

/** P12: what the console's process keeps, before and after a thousand pages. */
export const memory: ConsoleMeasure = async ({ stage }) => {
  const pid = consolePid(stage.server.pid);
  await pause(5_000);
  const idle = residentBytes(pid);
  for (let index = 0; index < 1000; index += 1)
    await fetchPage(stage, paths[index % paths.length]!, index % 2 === 0 ? "en" : "zh-CN");
  const after = residentBytes(pid);
  return [
    {
      id: "P12",
      what: "memory of the console's process, idle / after 1,000 pages",
      goal: "130 / 200 MB",
      seen: `${megabytes(idle)} / ${megabytes(after)}`,
      isMet: idle <= 130 * 2 ** 20 && after <= 200 * 2 ** 20,
    },
  ];
};

/** The only child of the server's process is the console (proc_pid_task(5), `children`). */
function consolePid(server: number): number {
  for (const task of readdirSync(`/proc/${server}/task`)) {
    const children = readFileSync(`/proc/${server}/task/${task}/children`, "latin1").trim();
    if (children !== "") return Number(children.split(" ")[0]);
  }
  throw new Error("the server has no console");
}
