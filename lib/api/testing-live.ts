import { type Mock, vi } from "vitest";
import type { LiveEvent, Topic } from "../contracts/events.ts";
import type { Stream } from "./live-log.ts";
import type { EventOf, Run, TopicHandlers, TopicOptions } from "./live.ts";

interface FakeStream {
  readonly live: Stream;
  run: Run;
  /** Of the subscription: calling them is what comes. */
  handlers: Omit<TopicHandlers<Topic>, "onEvents"> & { onEvents(events: LiveEvent[]): void };
  readonly update: Mock<(options: TopicOptions) => void>;
}

/** What a log uses of the live stream. From here on clock and animation frames are vitest's. */
export function fakeStream(): FakeStream {
  vi.useFakeTimers();
  vi.stubGlobal("requestAnimationFrame", (frame: () => void) => setTimeout(frame, 16));
  vi.stubGlobal("cancelAnimationFrame", clearTimeout);
  const update = vi.fn<(options: TopicOptions) => void>();
  const fake: FakeStream = {
    run: { startedAt: "2026-11-22T17:00:00.000Z", outageMs: 0 },
    handlers: { onEvents() {} },
    update,
    live: {
      get run() {
        return fake.run;
      },
      getState: () => ({ status: "open", retryAt: null, lostAt: null }),
      subscribe<T extends Topic>(topic: T, { onEvents, ...given }: TopicHandlers<T>) {
        const isOurs = (event: LiveEvent): event is EventOf<T> => event.topic === topic;
        fake.handlers = { ...given, onEvents: (events) => onEvents(events.filter(isOurs)) };
        return { update, end: vi.fn<() => void>() };
      },
    },
  };
  return fake;
}
