import { z } from "zod";
import { basic, bearer } from "@/lib/contracts/authorization.ts";
import {
  ApnsTarget,
  AppServerTarget,
  FcmTarget,
  type ForwardTarget,
  type TargetKind,
  WebhookTarget,
  WebPushTarget,
} from "@/lib/contracts/forward-target.ts";
import { Name } from "@/lib/contracts/policy.ts";

/** A stored secret is never sent to the browser; this text says that it is to be kept. */
export const keptSecret = "***";

const authorization = "Authorization";
const isAuthorization = (header: string): boolean => header.toLowerCase() === "authorization";

const Auth = z.enum(["none", "kept", "bearer", "basic"]);
export type Auth = z.infer<typeof Auth>;

const common = {
  // The form says it in the reader's language; the contract's own words are English.
  name: z
    .string()
    .min(1)
    .refine((name) => Name.safeParse(name).success),
  alsoRule: z.boolean(),
};

/** A text as the contract wants it, without the contract's own words for what is wrong, which are English. */
const textOf = (schema: z.ZodType<string>) =>
  z.string().superRefine((input, context) => {
    if (schema.safeParse(input).success) return;
    if (input === "") context.addIssue({ code: "too_small", origin: "string", minimum: 1, input });
    else context.addIssue({ code: "invalid_format", format: "regex", input });
  });

/** A webhook with its headers as a list, so that they can be edited line by line, and `Authorization` as what it is made of. */
const WebhookForm = WebhookTarget.omit({ headers: true })
  .extend({
    ...common,
    kind: z.literal("webhook"),
    templateType: textOf(WebhookTarget.shape.templateType.unwrap()),
    auth: Auth,
    token: z.string().max(4000),
    user: z
      .string()
      .max(1000)
      .regex(/^[^:]*$/),
    password: z.string().max(2000),
    headers: z.array(
      z.object({
        name: z.string().regex(/^[A-Za-z0-9-]{1,64}$/),
        value: z.string().min(1).max(4096),
      }),
    ),
  })
  .superRefine(({ auth, token, user, headers, preset, template }, context) => {
    const require = (path: "token" | "user" | "template", input: string): void => {
      if (input === "") context.addIssue({ code: "too_small", origin: "string", minimum: 1, path: [path], input });
    };
    if (auth === "bearer") require("token", token);
    if (auth === "basic") require("user", user);
    if (preset === "template") require("template", template);
    for (const [index, header] of headers.entries()) {
      if (auth !== "none" && isAuthorization(header.name))
        context.addIssue({ code: "custom", path: ["headers", index, "name"] });
    }
  });

/** The form of each kind of target: the target, its name, and whether a rule is wanted with it. */
export const TargetForm = z.discriminatedUnion("kind", [
  WebhookForm,
  ApnsTarget.extend({
    ...common,
    key: z.string().min(1).max(8192),
    keyId: textOf(ApnsTarget.shape.keyId),
    teamId: textOf(ApnsTarget.shape.teamId),
    topic: textOf(ApnsTarget.shape.topic),
  }),
  FcmTarget.extend({ ...common, serviceAccount: z.string().min(1).max(16_384) }),
  WebPushTarget.extend({ ...common, contact: textOf(WebPushTarget.shape.contact) }),
  AppServerTarget.extend(common),
]);
export type TargetForm = z.output<typeof TargetForm>;
export type TargetFormInput = z.input<typeof TargetForm>;
export type FormOf<K extends TargetKind> = Extract<TargetFormInput, { kind: K }>;
type WebhookFormInput = FormOf<"webhook">;

/** A target of the kind with the defaults of the contract, and nothing where there is no default. */
const blank: { [K in TargetKind]: () => Extract<ForwardTarget, { kind: K }> } = {
  webhook: () => ({ ...WebhookTarget.parse({ url: "https://example.org/" }), url: "" }),
  apns: () => ({
    ...ApnsTarget.parse({ kind: "apns", key: "", keyId: "AAAAAAAAAA", teamId: "AAAAAAAAAA", topic: "a" }),
    ...{ keyId: "", teamId: "", topic: "" },
  }),
  fcm: () => FcmTarget.parse({ kind: "fcm", serviceAccount: "" }),
  webpush: () => ({ ...WebPushTarget.parse({ kind: "webpush", contact: "https://example.org/" }), contact: "" }),
  xep0357: () => AppServerTarget.parse({ kind: "xep0357" }),
};

export function newForm(kind: TargetKind, name: string, alsoRule: boolean): TargetFormInput {
  return toForm(name, blank[kind](), alsoRule);
}

export function toForm(name: string, target: ForwardTarget, alsoRule: boolean): TargetFormInput {
  if (target.kind !== "webhook") return { ...target, name, alsoRule };
  const { headers, ...rest } = target;
  const entries = Object.entries(headers);
  return {
    ...rest,
    name,
    auth: entries.some(([header]) => isAuthorization(header)) ? "kept" : "none",
    token: "",
    user: "",
    password: "",
    headers: entries.filter(([header]) => !isAuthorization(header)).map(([header, value]) => ({ name: header, value })),
    alsoRule,
  } satisfies WebhookFormInput;
}

/** What of a form may be written down: a reload asks for the secrets again. */
export function openForm(form: TargetFormInput): TargetFormInput {
  switch (form.kind) {
    case "webhook": {
      const headers = form.headers.map(({ name, value }) => ({ name, value: withoutSecret(value) }));
      return { ...form, headers, accessToken: withoutSecret(form.accessToken ?? ""), token: "", password: "" };
    }
    case "apns":
      return { ...form, key: withoutSecret(form.key) };
    case "fcm":
      return { ...form, serviceAccount: withoutSecret(form.serviceAccount) };
    case "webpush":
      return { ...form, privateKey: withoutSecret(form.privateKey ?? "") };
    default:
      return form;
  }
}

const withoutSecret = (text: string): string => (text === keptSecret ? text : "");

export function fromForm({ name: _name, alsoRule: _alsoRule, ...form }: TargetForm): ForwardTarget {
  if (form.kind !== "webhook") return form;
  const { headers, auth, token, user, password, ...rest } = form;
  const values: Readonly<Record<Auth, string | null>> = {
    none: null,
    kept: keptSecret,
    bearer: bearer(token),
    basic: basic(user, password),
  };
  const value = values[auth];
  const list = headers.map((header) => [header.name, header.value]);
  return { ...rest, headers: Object.fromEntries(value === null ? list : [...list, [authorization, value]]) };
}
