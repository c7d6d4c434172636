import type { Connection, OutboxMove } from "./connection.ts";
import { STATES } from "./outbox-state.ts";

/** Width of the slots that histograms are made of: events are counted by when they came and where they stand now. */
export const slotMs = 10_000;

const NAMES = STATES.join(", ");
const ADDED = STATES.map((state) => `${state} = ${state} + excluded.${state}`).join(", ");
const SUM = STATES.join(" + ");

interface SlotDelta {
  readonly slot: number;
  readonly target: string;
  readonly host: string;
  readonly states: number[];
}

/**
 * Counts of events per target, and per target, host and slot, so that the console never counts rows. Moves are collected
 * while a transaction runs and written once before its commit: a batch of a thousand events of one target costs two rows.
 */
export function outboxTallyOn({ db, news }: Connection): { readonly flush: () => void } {
  const values = STATES.map(() => "?").join(", ");
  const addToTarget = db.prepare(
    `INSERT INTO fwd_target (target, ${NAMES}) VALUES (?, ${values}) ON CONFLICT DO UPDATE SET ${ADDED}`,
  );
  const addToSlot = db.prepare(
    `INSERT INTO fwd_slot (slot, target, host, ${NAMES}) VALUES (?, ?, ?, ${values}) ON CONFLICT DO UPDATE SET ${ADDED}`,
  );
  const dropSlot = db.prepare(`DELETE FROM fwd_slot WHERE slot = ? AND target = ? AND host = ? AND ${SUM} = 0`);

  return {
    flush: () => {
      if (news.moves.length === 0) return;
      const targets = new Map<string, number[]>();
      const slots = new Map<string, SlotDelta>();
      for (const move of news.moves) {
        count(targetStates(targets, move), move);
        count(slotOf(slots, move).states, move);
      }
      news.moves.length = 0;
      for (const [target, states] of targets) addToTarget.run(target, ...states);
      for (const { slot, target, host, states } of slots.values()) {
        addToSlot.run(slot, target, host, ...states);
        if (states.reduce((sum, n) => sum + n, 0) < 0) dropSlot.run(slot, target, host);
      }
    },
  };
}

function count(states: number[], move: OutboxMove): void {
  if (move.from >= 0) states[move.from] = (states[move.from] ?? 0) - 1;
  if (move.to >= 0) states[move.to] = (states[move.to] ?? 0) + 1;
}

function targetStates(targets: Map<string, number[]>, { target }: OutboxMove): number[] {
  let states = targets.get(target);
  if (states === undefined) {
    states = STATES.map(() => 0);
    targets.set(target, states);
  }
  return states;
}

function slotOf(slots: Map<string, SlotDelta>, { target, host, createdAt }: OutboxMove): SlotDelta {
  const slot = Math.floor(createdAt / slotMs);
  const key = `${slot}\n${target}\n${host}`;
  let delta = slots.get(key);
  if (delta === undefined) {
    delta = { slot, target, host, states: STATES.map(() => 0) };
    slots.set(key, delta);
  }
  return delta;
}
