import { Dispatcher, type DispatcherOptions } from "./dispatcher.ts";
import type { ForwardAlert, ForwardRunner } from "./service.ts";

/** The dispatcher in the calling thread, for stores that live in it. */
export async function runLocally(options: Omit<DispatcherOptions, "alert">): Promise<ForwardRunner> {
  const listeners = new Set<(alert: ForwardAlert) => void>();
  const dispatcher = await Dispatcher.start({
    ...options,
    alert: (alert) => {
      for (const listener of listeners) listener(alert);
    },
  });
  return {
    wake: (targets) => dispatcher.wake(targets),
    configure: (targets) => dispatcher.configure(targets),
    test: (name, target) => dispatcher.test(name, target),
    health: () => Promise.resolve(dispatcher.health()),
    onAlert: (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    close: () => dispatcher.close(),
  };
}
