import type { ContractProcedure, InferSchemaInput, InferSchemaOutput } from "@orpc/contract";
import type { Call } from "./call.ts";

type Verb<Procedure> =
  Procedure extends ContractProcedure<infer Input, infer Output, infer _Errors, infer _Meta>
    ? (input: InferSchemaOutput<Input>, call: Call) => Promise<InferSchemaInput<Output>> | InferSchemaInput<Output>
    : never;

/** The functions behind the contract entries of one entity. A verb that is missing or answers wrongly does not compile. */
export type Verbs<Entity> = { readonly [Name in keyof Entity]: Verb<Entity[Name]> };
