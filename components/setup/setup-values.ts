export const steps = ["language", "host", "admin", "registration"] as const;
export type Step = (typeof steps)[number];

export interface SetupValues {
  step: Step;
  host: string;
  admin: string;
  password: string;
  registration: "closed" | "open";
}

export type StepProblem = "badHost" | "badJid" | "badPassword";

/** What keeps a step from being left. The server checks the names again, and more strictly; the length is asked for here alone. */
export function stepProblem(step: Step, { host, admin, password }: SetupValues): StepProblem | null {
  if (step === "host") return /^[^\s@/]{1,1023}$/.test(host.trim()) ? null : "badHost";
  if (step !== "admin") return null;
  const [local = "", domain, ...rest] = admin.trim().split("@");
  if (local === "" || domain !== host.trim() || rest.length > 0) return "badJid";
  return password.length >= 8 ? null : "badPassword";
}
