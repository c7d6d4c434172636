import { z } from "zod";
import {
  maxReplyTemplates,
  NetworkLine,
  RegistrationPolicy,
  ReplyTemplate,
} from "@/lib/contracts/registration-policy.ts";

const lines = (text: string) =>
  text
    .split("\n")
    .map((line) => line.trim())
    .filter(Boolean);

/** As the server says it, so that it is told beside the field before anything is sent. */
const Templates = z
  .array(ReplyTemplate)
  .max(maxReplyTemplates)
  .superRefine((templates, context) => {
    for (const [index, { name }] of templates.entries()) {
      if (templates.findIndex((one) => one.name === name) < index)
        context.addIssue({ code: "custom", path: [index, "name"], message: `Two templates are called ${name}.` });
    }
  });

/** The form's values: lists as lines of text, the timeout as text because it may be `infinity`. */
export const PolicyValues = RegistrationPolicy.omit({
  timeout: true,
  reservedNames: true,
  watchers: true,
  welcome: true,
}).extend({
  networks: z.array(NetworkLine),
  templates: Templates.default([]),
  timeout: z.string().regex(/^(\d{1,8}|infinity)$/),
  reservedNames: z.string(),
  watchers: z.string(),
  hasWelcome: z.boolean(),
  welcomeSubject: z.string().max(200),
  welcomeBody: z.string().max(10_000),
});
export type PolicyValues = z.output<typeof PolicyValues>;
export type PolicyValuesInput = z.input<typeof PolicyValues>;

export function toValues({
  timeout,
  reservedNames,
  watchers,
  welcome,
  ...rest
}: RegistrationPolicy): PolicyValuesInput {
  return {
    ...rest,
    timeout: String(timeout),
    reservedNames: reservedNames.join("\n"),
    watchers: watchers.join("\n"),
    hasWelcome: welcome !== null,
    welcomeSubject: welcome?.subject ?? "",
    welcomeBody: welcome?.body ?? "",
  };
}

export function fromValues(values: PolicyValues): RegistrationPolicy {
  const { timeout, reservedNames, watchers, hasWelcome, welcomeSubject, welcomeBody, ...rest } = values;
  return {
    ...rest,
    timeout: timeout === "infinity" ? timeout : Number(timeout),
    reservedNames: lines(reservedNames),
    watchers: lines(watchers),
    welcome: hasWelcome ? { subject: welcomeSubject, body: welcomeBody } : null,
  };
}
