import { randomBytes } from "node:crypto";
import { type DoctorGroup, doctorGroups } from "../../../lib/contracts/doctor-words.ts";
import type { Examination, Finding } from "../../../lib/contracts/doctor.ts";
import { timestamp } from "../timestamp.ts";
import { examineCaa } from "./caa.ts";
import { examineCertificates } from "./certificates.ts";
import { examineDelivery } from "./delivery.ts";
import { examineDns } from "./dns.ts";
import { examineMachine } from "./machine.ts";
import { type Check, type Examined, finding, reasonOf } from "./parts.ts";
import { examinePointers } from "./pointers.ts";
import { examinePorts } from "./ports.ts";
import { examineRevocation } from "./revocation.ts";

/** Which groups a check fills. */
const checks: readonly { readonly groups: readonly DoctorGroup[]; readonly check: Check }[] = [
  { groups: ["dns"], check: together(examineDns, examinePointers, examineCaa) },
  { groups: ["ports"], check: examinePorts },
  { groups: ["certificates"], check: together(examineCertificates, examineRevocation) },
  { groups: ["delivery", "clock"], check: examineDelivery },
  { groups: ["machine"], check: examineMachine },
  { groups: ["settings"], check: examineSettings },
];

/** Runs one examination at a time; what is found can be read while it goes on. */
export class Examinations {
  readonly #admin: Examined;
  #last: Examination | null = null;
  #isRunning = false;

  constructor(admin: Examined) {
    this.#admin = admin;
  }

  get last(): Examination | null {
    return this.#last;
  }

  /** Begins one, unless one is under way. */
  begin(): Examination {
    if (this.#isRunning && this.#last !== null) return this.#last;
    this.#isRunning = true;
    const { clock } = this.#admin.core;
    const id = randomBytes(6).toString("hex");
    this.#last = { id, startedAt: timestamp(clock.now()), finishedAt: null, pending: [...doctorGroups], findings: [] };
    void this.#run();
    return this.#last;
  }

  async #run(): Promise<void> {
    await Promise.all(
      checks.map(async ({ groups, check }) => {
        const found = await check(this.#admin).catch((error: unknown): Finding[] =>
          groups.map((group) => finding(group, group, "check-failed", { reason: reasonOf(error) }, "warning")),
        );
        this.#change(({ pending, findings }) => ({
          pending: pending.filter((group) => !groups.includes(group)),
          findings: [...findings, ...found],
        }));
      }),
    );
    this.#isRunning = false;
    this.#change(() => ({ finishedAt: timestamp(this.#admin.core.clock.now()) }));
  }

  #change(edit: (last: Examination) => Partial<Examination>): void {
    if (this.#last !== null) this.#last = { ...this.#last, ...edit(this.#last) };
  }
}

/** Several checks that fill the same group. */
function together(...parts: readonly Check[]): Check {
  return async (admin) => (await Promise.all(parts.map((check) => check(admin)))).flat();
}

/** Settings of the configuration file that are for tests, or that give something away. */
async function examineSettings({ patient }: Examined): Promise<Finding[]> {
  if (patient.warnings.length === 0) return [finding("settings", "configuration", "settings-sound")];
  return patient.warnings.map((warning) =>
    finding("settings", "configuration", "setting-trap", { warning }, "warning"),
  );
}
