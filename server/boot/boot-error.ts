/** Why the server does not start, in one sentence for the person who started it. */
export class BootError extends Error {
  override name = "BootError";
}
