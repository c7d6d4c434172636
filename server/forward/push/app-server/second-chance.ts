import type { Clock } from "../../../core/clock.ts";
import type { Log } from "../../../core/log.ts";
import type { Devices } from "../../../storage/ports.ts";
import type { Timers } from "../../timers.ts";

const roundMs = 600_000;
const stepLimit = 500;

/**
 * Lets registrations that an app server refused have another push when their time has come (XEP-0357 7.1 leaves it to the
 * server when to try again). The function returned ends it.
 */
export function giveSecondChances(
  devices: Pick<Devices, "retryRefused">,
  clock: Clock,
  timers: Timers,
  log: Log,
): () => void {
  let cancel = (): void => {};
  let isStopped = false;
  const round = async (): Promise<void> => {
    try {
      const tried = await devices.retryRefused(clock.now(), stepLimit);
      if (tried > 0) log.info("registrations that were refused are tried once more", { devices: tried });
    } catch (error) {
      log.warn("refused registrations cannot be tried again", { error: String(error) });
    }
    if (!isStopped) cancel = timers.after(roundMs, () => void round());
  };
  cancel = timers.after(roundMs, () => void round());
  return () => {
    isStopped = true;
    cancel();
  };
}
