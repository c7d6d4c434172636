import type { AnyContractProcedure } from "@orpc/contract";
import { StandardOpenAPIHandler } from "@orpc/openapi/standard";
import { type AnyProcedure, implement, type ORPCError } from "@orpc/server";
import { contract, type Contract } from "../../lib/contracts/index.ts";
import type { Call } from "./call.ts";
import type { Door } from "./dispatch.ts";
import { AdminError, problemBody } from "./errors.ts";
import { toAdminError } from "./fault.ts";
import type { Verbs } from "./verbs.ts";

export type AllVerbs = { readonly [Entity in keyof Contract]: Verbs<Contract[Entity]> };

/** What a request brings with it. A type, not an interface: oRPC wants an index signature. */
type Context = { readonly call: Call };
export type AdminRouter = StandardOpenAPIHandler<Context>;

/** Routes of the contract, each through the door to its verb. */
export function createRouter(door: Door, verbs: AllVerbs): AdminRouter {
  const procedures: Record<string, Record<string, AnyProcedure>> = {};
  for (const [entity, entries] of Object.entries(contract)) {
    const group: Record<string, AnyProcedure> = {};
    const functions: object = verbs[entity as keyof Contract];
    for (const [name, entry] of Object.entries(entries)) group[name] = procedureOf(entry, Reflect.get(functions, name));
    procedures[entity] = group;
  }
  return new StandardOpenAPIHandler<Context>(procedures, {
    clientInterceptors: [
      ({ context, input, path, next }) => door.pass(path.join("."), context.call, input, async () => next()),
    ],
    customErrorResponseBodyEncoder: (error) => problemBody(asAdminError(error), ""),
  });
}

// `AllVerbs` has proved that the function fits the entry; here both are reached by name.
function procedureOf(entry: AnyContractProcedure, verb: (input: unknown, call: Call) => unknown): AnyProcedure {
  return implement<AnyContractProcedure, Context>(entry).handler(({ input, context }) => verb(input, context.call));
}

// Errors from before the door: a body that could not be read.
function asAdminError(error: ORPCError<string, unknown>): AdminError {
  return error instanceof AdminError || !(error.cause instanceof AdminError) ? toAdminError(error) : error.cause;
}
