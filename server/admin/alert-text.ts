import { fillWords } from "../../lib/contracts/fill-words.ts";
import type { Concern } from "./concern.ts";

const sentences: Readonly<Record<Concern["code"], string>> = {
  "target-failing": "Target {subject} is failing: {value}.",
  "target-misconfigured": "The provider refuses the settings of target {subject}: {value}.",
  "target-gone": "Target {subject} answered 410 Gone and is paused.",
  "target-blocked": "The address of target {subject} is refused: {value}.",
  "target-overflow": "Forwards to {subject} were given up because too many wait: {value} in 24 hours.",
  "target-pruning": "Devices of target {subject} turned out to be unregistered within minutes: {value}.",
  "target-paused": "Target {subject} is paused; {value} waiting.",
  "target-stalled": "Forwards to {subject} have been due for more than a minute and none is under way: {value}.",
  "dead-letters": "Forwards to {subject} were given up: {value}.",
  "certificate-expiring": "The certificate of {subject} ends at {value}.",
  "self-signed": "{subject} uses a self-signed certificate.",
  "plain-http": "The console is reachable over plain HTTP: {value}.",
  "disk-low": "Little disk space is left: {value}.",
  "disk-full": "The disk is full ({value} left): messages are refused until there is room.",
  "module-failed": "Module {subject} failed: {value}.",
  "listener-down": "Listener {subject} is down: {value}.",
  "no-target": "Offline messages are stored but forwarded nowhere.",
  "open-registration": "Anyone may register on {subject}.",
  "applications-waiting": "Applications for accounts wait for an admin: {value}.",
  "reports-open": "Reports of spam or abuse to look at: {value}.",
  "loop-lag": "The server is slow to react: {value}.",
  "backup-overdue": "There is no backup of the last seven days.",
  "backup-failed": "A backup failed: {value}.",
  "order-failed": "The certificate of {subject} could not be ordered: {value}.",
};

/** What wants attention, in a sentence for a message. */
export function alertText({ code, subject, value }: Concern): string {
  return fillWords(sentences[code], { subject, value });
}
