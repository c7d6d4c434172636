import type { SQLInputValue } from "node:sqlite";
import type { OutboxFilter } from "../ports.ts";
import { FAILED, FINISHED, STATE_NUMBER, WAITING } from "./outbox-state.ts";
import { unless } from "./term.ts";

type Turned = NonNullable<OutboxFilter["not"]>[number];

const SEQS = "SELECT value FROM json_each(?)";

/** A WHERE clause over `fwd_event e`; its text depends only on which filters are given, never on their values. */
export interface OutboxCondition {
  readonly where: string;
  readonly values: readonly SQLInputValue[];
  /** An index leads to the matches. Otherwise rows are looked through, newest first, and that has to be bounded. */
  readonly isIndexed: boolean;
}

/** `sending`: the events that are being sent, by seq; in the table they wait. */
export function outboxCondition(filter: OutboxFilter, sending: readonly number[]): OutboxCondition {
  const terms: string[] = [];
  const values: SQLInputValue[] = [];
  const add = (term: string, ...termValues: SQLInputValue[]): void => {
    terms.push(term);
    values.push(...termValues);
  };
  const isNot = (name: Turned): boolean => filter.not?.includes(name) ?? false;
  const addFor = (name: Turned, term: string, ...termValues: SQLInputValue[]): void =>
    add(unless(isNot(name), term), ...termValues);
  if (filter.hosts !== undefined) add("e.host IN (SELECT value FROM json_each(?))", JSON.stringify(filter.hosts));
  if (filter.target !== undefined) addFor("target", "e.target = ?", filter.target);
  if (filter.device !== undefined) addFor("device", "e.device = ?", filter.device);
  if (filter.user !== undefined) addFor("user", "e.user = ?", filter.user);
  if (filter.class !== undefined) addFor("class", "e.class = ?", filter.class);
  if (filter.reason !== undefined) addFor("reason", "e.error = ?", filter.reason);
  if (filter.state !== undefined) {
    const state = STATE_NUMBER[filter.state];
    // The term of the partial indices has to be there in so many words.
    if (isFailed(state)) addFor("state", `e.state = ${state} AND e.${FINISHED} AND e.${FAILED}`);
    else if (state >= STATE_NUMBER.delivered) addFor("state", `e.state = ${state} AND e.${FINISHED}`);
    else if (filter.state === "sending")
      addFor("state", `e.${WAITING} AND e.seq IN (${SEQS})`, JSON.stringify(sending));
    else addFor("state", `e.state = ${state} AND e.${WAITING} AND e.seq NOT IN (${SEQS})`, JSON.stringify(sending));
  }
  if (filter.since !== undefined) add("e.created_at >= ?", filter.since);
  if (filter.until !== undefined) add("e.created_at < ?", filter.until);
  if (filter.search !== undefined && filter.search !== "") {
    const { search } = filter;
    add(
      "(instr(e.user, ?) OR instr(e.sender, ?) OR instr(e.id, ?) OR instr(e.error, ?))",
      search,
      search,
      search,
      search,
    );
  }
  const isIndexed =
    (filter.user !== undefined && !isNot("user")) ||
    (filter.device !== undefined && !isNot("device")) ||
    (filter.state !== undefined && isFailed(STATE_NUMBER[filter.state]) && !isNot("state"));
  return { where: terms.length === 0 ? "TRUE" : terms.join(" AND "), values, isIndexed };
}

function isFailed(state: number): boolean {
  return state === STATE_NUMBER.dead || state === STATE_NUMBER.expired;
}
