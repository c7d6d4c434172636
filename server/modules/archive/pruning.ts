import type { ModuleContext } from "../../core/module.ts";
import { pruneArchives, purgeArchives } from "../../features/archive/retention.ts";

const hourMs = 60 * 60 * 1000;

/** Each hour the archives of the host lose what they need not keep. Returns what takes away those of removed accounts. */
export function pruneEachHour(
  ctx: Pick<ModuleContext<unknown>, "core" | "every" | "host" | "signal">,
  options: { readonly keep_days: number; readonly max_messages: number },
): () => Promise<void> {
  const { core, host, signal } = ctx;
  const { archive } = core.stores;
  const limits = { keepDays: options.keep_days, maxMessages: options.max_messages };
  let isPurging = false;
  const purge = async (): Promise<void> => {
    if (isPurging) return;
    isPurging = true;
    try {
      await purgeArchives(archive, signal);
    } finally {
      isPurging = false;
    }
  };
  ctx.every(hourMs, async () => {
    await pruneArchives(archive, host.name, limits, core.clock.now(), signal);
    await purge();
  });
  return purge;
}
