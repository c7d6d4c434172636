import { z } from "zod";
import { basic, bearer } from "@/lib/contracts/authorization.ts";
import { ForwardTarget } from "@/lib/contracts/forward-policy.ts";
import { Name } from "@/lib/contracts/policy.ts";

/** A stored secret is never sent to the browser; this text says that it is to be kept. */
export const keptSecret = "***";

const authorization = "Authorization";
const isAuthorization = (header: string): boolean => header.toLowerCase() === "authorization";

const Auth = z.enum(["none", "kept", "bearer", "basic"]);
export type Auth = z.infer<typeof Auth>;

/**
 * The form: a target with its headers as a list, so that they can be edited line by line, and the header `Authorization`
 * apart, as what it is made of.
 */
export const TargetForm = ForwardTarget.omit({ headers: true })
  .extend({
    // The form says it in the reader's language; the contract's own words are English.
    name: z
      .string()
      .min(1)
      .refine((name) => Name.safeParse(name).success),
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
    alsoRule: z.boolean(),
  })
  .superRefine(({ auth, token, user, headers }, context) => {
    const require = (path: "token" | "user", input: string): void => {
      if (input === "") context.addIssue({ code: "too_small", origin: "string", minimum: 1, path: [path], input });
    };
    if (auth === "bearer") require("token", token);
    if (auth === "basic") require("user", user);
    for (const [index, header] of headers.entries()) {
      if (auth !== "none" && isAuthorization(header.name))
        context.addIssue({ code: "custom", path: ["headers", index, "name"] });
    }
  });
export type TargetForm = z.output<typeof TargetForm>;
export type TargetFormInput = z.input<typeof TargetForm>;

export function toForm(name: string, target: ForwardTarget | null, alsoRule: boolean): TargetFormInput {
  const { headers, ...rest } = target ?? ForwardTarget.parse({ url: "https://example.org/" });
  const entries = Object.entries(headers);
  return {
    ...rest,
    url: target ? rest.url : "",
    name,
    auth: entries.some(([header]) => isAuthorization(header)) ? "kept" : "none",
    token: "",
    user: "",
    password: "",
    headers: entries.filter(([header]) => !isAuthorization(header)).map(([header, value]) => ({ name: header, value })),
    alsoRule,
  };
}

export function fromForm(form: TargetForm): ForwardTarget {
  const { headers, auth, token, user, password, name: _name, alsoRule: _alsoRule, ...rest } = form;
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
