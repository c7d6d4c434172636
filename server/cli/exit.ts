/** What the process ends with: 0 done or yes, and these. */
export const exitCodes = { negative: 1, usage: 2, notRunning: 3, notAllowed: 4 } as const;

/** Ends the command with a sentence on standard error and an exit code. */
export class CommandError extends Error {
  override name = "CommandError";
  readonly exitCode: number;

  constructor(message: string, exitCode: number = exitCodes.negative) {
    super(message);
    this.exitCode = exitCode;
  }
}
