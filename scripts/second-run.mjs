// What failed in a part that drives several programs at once is run once more, by itself: on a busy machine two processes
// happen to meet in an order no story foresaw. It is named at the end of the whole run, never passed over. What has to hold
// every time gets no second run: unit tests, fuzzing, the crash test, torture.
import { relative } from "node:path";
import { run } from "./run.mjs";
import { root } from "./setup.mjs";

/** What needed its second run, in words for the end of the whole. */
export const secondRuns = [];

/**
 * Runs files of Node's test runner, one at a time.
 * @param {string} folder of e2e
 */
export function nodeTests(folder) {
  return twice(`e2e/${folder}/*.test.ts`, nodeTestFiles, ({ output }) => [
    ...new Set([...output.matchAll(/^\s*location: '(.+?):\d+:\d+'$/gm)].map(([, file]) => relative(root, file))),
  ]);
}

/** `npm run attack`: a group that failed is run again whole. */
export function attackGroups() {
  return twice(null, attack, ({ output }) => [
    ...new Set([...output.matchAll(/^FAILED: ([a-z-]+): /gm)].map(([, group]) => group)),
  ]);
}

async function twice(all, start, failedIn) {
  const first = await start(all === null ? [] : [all]);
  if (first.code === 0) return first;
  const failed = failedIn(first);
  if (failed.length === 0) return first;
  console.error(`a second run of ${failed.join(", ")}, which failed:\n${first.output.slice(-8000)}`);
  const second = await start(failed);
  if (second.code !== 0 || second.failed > 0) return { ...second, passed: first.passed, failed: first.failed };
  secondRuns.push(...failed);
  return { ...second, passed: first.passed + first.failed, failed: 0 };
}

async function nodeTestFiles(files) {
  const result = await run("node", ["--test", "--test-concurrency=1", "--test-reporter=tap", ...files], {
    quiet: true,
  });
  const count = (word) => Number(new RegExp(`^# ${word} (\\d+)`, "m").exec(result.output)?.[1] ?? 0);
  return { ...result, passed: count("pass"), failed: count("fail") };
}

async function attack(groups) {
  const result = await run("node", ["e2e/attack/run.ts", ...groups]);
  return { ...result, ...lastCounts(result.output) };
}

/** Reads the last `N passed, N failed` of a part's output. */
export function lastCounts(output) {
  const last = [...output.matchAll(/(\d+) passed(?:, (\d+) failed)?/g)].at(-1);
  return { passed: Number(last?.[1] ?? 0), failed: Number(last?.[2] ?? 0) };
}
