/** Before there is an admin, then as that admin. */
export const accountSteps = ["language", "host", "admin"] as const;
export const serviceSteps = ["factor", "certificate", "registration", "target"] as const;
export const steps = [...accountSteps, ...serviceSteps] as const;
export type Step = (typeof steps)[number];

export const certificateChoices = ["acme", "upload", "self-signed"] as const;
export type CertificateChoice = (typeof certificateChoices)[number];
export const registrationChoices = ["closed", "invite", "open"] as const;
export type RegistrationChoice = (typeof registrationChoices)[number];

export interface SetupValues {
  step: Step;
  host: string;
  admin: string;
  password: string;
  certificate: CertificateChoice;
  registration: RegistrationChoice;
  /** Minutes between two accounts from one network, while anyone may register. */
  minutes: string;
}

export type StepProblem = "badHost" | "badJid" | "badPassword" | "badMinutes";

const mostMinutes = 525_600;

/** What keeps a step from being left. The server checks the names again, and more strictly; the length is asked for here alone. */
export function stepProblem(step: Step, values: SetupValues): StepProblem | null {
  if (step === "host") return isHost(values.host.trim()) ? null : "badHost";
  if (step === "registration") {
    const isNumber = /^\d{1,6}$/.test(values.minutes) && Number(values.minutes) <= mostMinutes;
    return values.registration !== "open" || isNumber ? null : "badMinutes";
  }
  if (step !== "admin") return null;
  const [local = "", domain, ...rest] = values.admin.trim().split("@");
  if (local === "" || domain !== values.host.trim() || rest.length > 0) return "badJid";
  return values.password.length >= 8 ? null : "badPassword";
}

export const isHost = (text: string): boolean => /^[^\s@/]{1,1023}$/.test(text);

/** Where somebody goes on: while set-up is open there is no account yet that could take the later steps, afterwards there is. */
export function resumedStep(kept: Step | undefined, isOpen: boolean): Step {
  const possible: readonly Step[] = isOpen ? accountSteps : serviceSteps;
  return possible.find((step) => step === kept) ?? (isOpen ? "language" : "factor");
}
