import type { contract } from "../../lib/contracts/index.ts";
import { Examinations } from "./doctor/examinations.ts";
import type { Admin } from "./parts.ts";
import type { Verbs } from "./verbs.ts";

export function doctor(admin: Admin): Verbs<typeof contract.doctor> {
  const examinations = new Examinations(admin);
  return {
    run: () => examinations.begin(),
    get: () => ({ examination: examinations.last }),
  };
}
