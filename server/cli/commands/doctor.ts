import { setTimeout as pause } from "node:timers/promises";
import type { Command } from "commander";
import { doctorFixes, doctorGroups, doctorTexts, isFixable } from "../../../lib/contracts/doctor-words.ts";
import type { Examination, Finding } from "../../../lib/contracts/doctor.ts";
import { fillWords } from "../../../lib/contracts/fill-words.ts";
import { apiCommand, type Context } from "../context.ts";
import { exitCodes } from "../exit.ts";

const pollMs = 200;
const marks: Record<Finding["state"], string> = {
  ok: "ok     ",
  note: "note   ",
  warning: "WARNING",
  error: "ERROR  ",
};

/** Looks for what keeps people from connecting, or would tomorrow. */
export function doctorCommands(program: Command): void {
  apiCommand(
    program,
    "doctor",
    "look into DNS, ports, certificates, delivery, clock, machine and settings (exit code 1: something is wrong)",
    async (context) => {
      const examination = await examine(context);
      context.print(examination, () => linesOf(examination));
      if (examination.findings.some(({ state }) => state === "error")) process.exitCode = exitCodes.negative;
    },
  );
}

async function examine({ api }: Context): Promise<Examination> {
  let examination = await api.doctor.run();
  while (examination.finishedAt === null) {
    await pause(pollMs);
    examination = (await api.doctor.get()).examination ?? examination;
  }
  return examination;
}

function linesOf({ findings }: Examination): string[] {
  const lines = doctorGroups.flatMap((group) => {
    const found = findings.filter((each) => each.group === group);
    return found.length === 0 ? [] : [`${group}:`, ...found.flatMap(lineOf)];
  });
  const count = (state: Finding["state"]): number => findings.filter((each) => each.state === state).length;
  return [
    ...lines,
    `${count("error")} wrong, ${count("warning")} doubtful, ${count("note")} to note, ${count("ok")} right`,
  ];
}

function lineOf({ state, code, values }: Finding): string[] {
  const line = `  ${marks[state]} ${fillWords(doctorTexts[code], values)}`;
  return state === "ok" || !isFixable(code) ? [line] : [line, `          ${fillWords(doctorFixes[code], values)}`];
}
