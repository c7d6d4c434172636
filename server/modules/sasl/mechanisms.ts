import { anonymousMechanism } from "./anonymous.ts";
import { external } from "./external.ts";
import type { SaslMechanism } from "./mechanism.ts";
import { plain } from "./plain.ts";
import { scram } from "./scram.ts";

/** Strongest first: clients take the first that they know. */
export const mechanisms: readonly SaslMechanism[] = [
  external,
  scram("SCRAM-SHA-512", true),
  scram("SCRAM-SHA-256", true),
  scram("SCRAM-SHA-1", true),
  scram("SCRAM-SHA-512", false),
  scram("SCRAM-SHA-256", false),
  scram("SCRAM-SHA-1", false),
  plain,
  anonymousMechanism,
];
