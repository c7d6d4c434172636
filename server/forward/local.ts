import { Dispatcher, type DispatcherOptions } from "./dispatch/dispatcher.ts";
import type { ForwardAlert, ForwardRunner } from "./service.ts";
import type { Publish } from "./transport.ts";
import { noVault, type Vault } from "./vault.ts";

/** The dispatcher in the calling thread, for stores that live in it. */
export async function runLocally(
  options: Omit<DispatcherOptions, "alert" | "publish" | "vault">,
): Promise<ForwardRunner> {
  const listeners = new Set<(alert: ForwardAlert) => void>();
  let publish: Publish = () => Promise.resolve({ kind: "timeout" });
  let vault: Vault = noVault;
  const dispatcher = await Dispatcher.start({
    ...options,
    vault: {
      recall: (name) => vault.recall(name),
      keep: (name, text, until) => vault.keep(name, text, until),
    },
    publish: (request) =>
      publish(request).catch((error: unknown) => {
        options.log.error("a publish failed", { jid: request.jid, error: String(error) });
        return { kind: "timeout" };
      }),
    alert: (alert) => {
      for (const listener of listeners) listener(alert);
    },
  });
  return {
    retryMs: options.retryMs,
    wake: (targets) => dispatcher.wake(targets),
    queued: (targets) => dispatcher.wake(targets),
    configure: (targets) => dispatcher.configure(targets),
    test: (name, target, device, asked) => dispatcher.test(name, target, device, asked),
    release: (target) => dispatcher.release(target),
    health: () => Promise.resolve(dispatcher.health()),
    onAlert: (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    onPublish: (handler) => {
      publish = handler;
    },
    useVault: (used) => {
      vault = used;
    },
    close: () => dispatcher.close(),
  };
}
