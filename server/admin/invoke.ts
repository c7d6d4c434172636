import type { AnyContractProcedure, ContractProcedure, InferSchemaInput, InferSchemaOutput } from "@orpc/contract";
import { z } from "zod";
import { contract, type Contract } from "../../lib/contracts/index.ts";
import type { Call } from "./call.ts";
import type { Door } from "./dispatch.ts";
import { invalidInput } from "./errors.ts";
import type { AllVerbs } from "./router.ts";

/** What an entry of the contract takes. */
export type InputOf<Procedure> =
  Procedure extends ContractProcedure<infer Input, infer _Output, infer _Errors, infer _Meta>
    ? InferSchemaInput<Input>
    : never;
/** What it answers. */
export type OutputOf<Procedure> =
  Procedure extends ContractProcedure<infer _Input, infer Output, infer _Errors, infer _Meta>
    ? InferSchemaOutput<Output>
    : never;

/** Calls a verb of the contract from inside the server, through the same door as a request. Rejects with AdminError. */
export type Invoke = <Entity extends keyof Contract, Name extends string & keyof Contract[Entity]>(
  call: Call,
  entity: Entity,
  name: Name,
  input: InputOf<Contract[Entity][Name]>,
) => Promise<OutputOf<Contract[Entity][Name]>>;

export function invoker(door: Door, verbs: AllVerbs): Invoke {
  const invoke = async (call: Call, entity: keyof Contract, name: string, input: unknown): Promise<unknown> => {
    const procedure: AnyContractProcedure = Reflect.get(contract[entity], name);
    const verb: (input: unknown, call: Call) => unknown = Reflect.get(verbs[entity], name);
    return door.pass(`${entity}.${name}`, call, input, async () => verb(parsed(procedure, input), call));
  };
  // The types of what is reached by name here are those that the caller has named.
  return invoke as Invoke;
}

function parsed(procedure: AnyContractProcedure, input: unknown): unknown {
  const { inputSchema } = procedure["~orpc"];
  if (!(inputSchema instanceof z.ZodType)) return input;
  const result = inputSchema.safeParse(input);
  if (result.success) return result.data;
  throw invalidInput(result.error.issues);
}
