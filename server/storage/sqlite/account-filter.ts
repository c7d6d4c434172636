import type { SQLInputValue } from "node:sqlite";
import type { Accounts, AccountTraits } from "../ports.ts";
import { ACCOUNT_FROM } from "./account-row.ts";
import { unless } from "./term.ts";

export type AccountListQuery = Parameters<Accounts["list"]>[0];
export type AccountFilter = NonNullable<AccountListQuery["filter"]>;

interface FilterPlan {
  /** With one parameter, the present time. */
  readonly condition: string;
  readonly from: string;
  /** Few accounts pass and an index leads to them: looking at all of those is cheaper than a merge over hosts. */
  readonly isSparse: boolean;
}

const ACCOUNT_FILTERS: Readonly<Record<AccountFilter, FilterPlan>> = {
  all: { condition: "? IS NOT NULL", from: ACCOUNT_FROM, isSparse: false },
  never: { condition: "? IS NOT NULL AND a.last_at IS NULL", from: ACCOUNT_FROM, isSparse: false },
  suspended: {
    condition: "a.suspended_at IS NOT NULL AND coalesce(a.suspended_until > ?, TRUE)",
    from: ACCOUNT_FROM.replace("account a", "account a INDEXED BY account_suspended"),
    isSparse: true,
  },
  queued: {
    condition: "? IS NOT NULL AND q.messages > 0",
    from: "offline_queue q CROSS JOIN account a ON a.local = q.local AND a.host = q.host",
    isSparse: true,
  },
};

const TRAITS: Readonly<Record<keyof AccountTraits, string>> = {
  createdSince: "a.created_at >= ?",
  createdBefore: "a.created_at < ?",
  idleSince: "max(a.created_at, coalesce(a.last_at, 0)) < ?",
  minMessages: "coalesce(q.messages, 0) >= ?",
  via: "a.created_via = ?",
  tag: "(a.host, a.local) IN (SELECT host, local FROM account_tag WHERE tag = ?)",
};
const TRAIT_NAMES = Object.keys(TRAITS) as (keyof AccountTraits)[];

/** The terms that traits stand for, each with its value. */
export function traitTerms({ traits, not }: AccountListQuery): { terms: string[]; values: SQLInputValue[] } {
  const given = TRAIT_NAMES.filter((name) => traits?.[name] !== undefined);
  return {
    terms: given.map((name) => unless(not?.includes(name), TRAITS[name])),
    values: given.map((name) => traits?.[name] ?? null),
  };
}

/** How the accounts of a list's `filter` are found: of one that is turned round, by looking at all. */
export function filterPlan({ filter = "all", not }: AccountListQuery): FilterPlan {
  const plan = ACCOUNT_FILTERS[filter];
  return not?.includes("filter")
    ? { condition: unless(true, plan.condition), from: ACCOUNT_FROM, isSparse: false }
    : plan;
}

/** One condition for all filters, chosen by a parameter; the present time follows it once for each filter. */
export const ANY_ACCOUNT_FILTER = `CASE ? ${Object.entries(ACCOUNT_FILTERS)
  .map(([name, { condition }]) => `WHEN '${name}' THEN ${condition}`)
  .join(" ")} END`;
