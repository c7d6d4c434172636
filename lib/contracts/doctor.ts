import { z } from "zod";
import { type DoctorCode, doctorGroups, doctorTexts } from "./doctor-words.ts";
import { endpoint, Timestamp } from "./endpoint.ts";

export const Finding = z.object({
  group: z.enum(doctorGroups),
  /** What it is about: a host, a listener, a target. */
  subject: z.string(),
  state: z.enum(["ok", "note", "warning", "error"]),
  code: z.enum(Object.keys(doctorTexts) as [DoctorCode, ...DoctorCode[]]),
  values: z.record(z.string(), z.string()),
  /** How it was found out: what was asked, and what was answered. */
  evidence: z.string(),
});
export type Finding = z.infer<typeof Finding>;

export const Examination = z.object({
  id: z.string(),
  startedAt: Timestamp,
  finishedAt: Timestamp.nullable().describe("null: it is under way"),
  /** Groups that are still looked into. */
  pending: z.array(z.enum(doctorGroups)),
  findings: z.array(Finding),
});
export type Examination = z.infer<typeof Examination>;

export const doctor = {
  run: endpoint(
    "POST",
    "/doctor",
    { permission: "server:read" },
    "Look into DNS, ports, certificates, delivery, clock, machine and settings; `get` tells how far it is",
  ).output(Examination),
  get: endpoint(
    "GET",
    "/doctor",
    { permission: "server:read" },
    "The last examination, with what was found so far",
  ).output(z.object({ examination: Examination.nullable() })),
};
