import { z } from "zod";
import { LanguageTag } from "@/lib/contracts/language-tag.ts";
import {
  maxReplyTemplates,
  NetworkLine,
  RegistrationPolicy,
  ReplyTemplate,
} from "@/lib/contracts/registration-policy.ts";
import { locales } from "@/lib/i18n/locales.ts";

const lines = (text: string) =>
  text
    .split("\n")
    .map((line) => line.trim())
    .filter(Boolean);

/** A language that nothing is written in has no text; what is wrong with having none at all is told beside the first. */
const Texts = z
  .record(LanguageTag, z.string().trim().max(1000))
  .transform((texts) => Object.fromEntries(Object.entries(texts).filter(([, text]) => text !== "")))
  .superRefine((texts, context) => {
    const [first] = locales;
    if (Object.keys(texts).length === 0)
      context.addIssue({ code: "too_small", origin: "string", minimum: 1, inclusive: true, path: [first], input: "" });
  });

/** As the server says it, so that it is told beside the field before anything is sent. */
const Templates = z
  .array(ReplyTemplate.extend({ texts: Texts }))
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

/** A field for every language of the console, after those that there are texts in: the first is everybody else's. */
export const withEveryLanguage = (texts: ReplyTemplate["texts"]): ReplyTemplate["texts"] => ({
  ...texts,
  ...Object.fromEntries(locales.flatMap((locale) => (Object.hasOwn(texts, locale) ? [] : [[locale, ""]]))),
});

export function toValues({
  timeout,
  reservedNames,
  watchers,
  welcome,
  templates,
  ...rest
}: RegistrationPolicy): PolicyValuesInput {
  return {
    ...rest,
    templates: templates.map((template) => ({ ...template, texts: withEveryLanguage(template.texts) })),
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
