import { z } from "zod";
import { ForwardTarget } from "@/lib/contracts/forward-policy.ts";
import { Name } from "@/lib/contracts/policy.ts";

/** The stored value is never sent to the browser; this text says that it is to be kept. */
export const keptHeader = "***";

/** The form: a target with its headers as a list, so that they can be edited line by line. */
export const TargetForm = ForwardTarget.omit({ headers: true }).extend({
  name: Name,
  headers: z.array(
    z.object({
      name: z.string().regex(/^[A-Za-z0-9-]{1,64}$/),
      value: z.string().min(1).max(4096),
    }),
  ),
  alsoRule: z.boolean(),
});
export type TargetForm = z.output<typeof TargetForm>;
export type TargetFormInput = z.input<typeof TargetForm>;

export function toForm(name: string, target: ForwardTarget | null, alsoRule: boolean): TargetFormInput {
  const { headers, ...rest } = target ?? ForwardTarget.parse({ url: "https://example.org/" });
  return {
    ...rest,
    url: target ? rest.url : "",
    name,
    headers: Object.entries(headers).map(([header, value]) => ({ name: header, value })),
    alsoRule,
  };
}

export function fromForm({ headers, name: _name, alsoRule: _alsoRule, ...rest }: TargetForm): ForwardTarget {
  return { ...rest, headers: Object.fromEntries(headers.map((header) => [header.name, header.value])) };
}
