import { Call } from "../call.ts";
import { authorise } from "../dispatch.ts";
import type { Admin } from "../parts.ts";
import { serverFamilies } from "./families.ts";
import { processFamilies } from "./process-families.ts";
import { prometheusText } from "./prometheus.ts";

/** What asks for the metrics: a Prometheus server, as a rule. */
export interface Scrape {
  /** Value of `Authorization`: an API key with `server:read`. */
  readonly authorization: string | undefined;
  readonly address: string;
  /** Where it comes from is reason enough. */
  readonly isTrusted: boolean;
}

/** The metrics as text for Prometheus. */
export class MetricsText {
  readonly #admin: Admin;
  readonly #process: ReturnType<typeof processFamilies>;
  readonly #families;

  constructor(admin: Admin) {
    this.#admin = admin;
    this.#process = processFamilies(admin.core.version);
    this.#families = [...this.#process.families, ...serverFamilies(admin)];
  }

  /** Throws AdminError `unauthenticated`, `forbidden`. */
  async read({ authorization, address, isTrusted }: Scrape): Promise<string> {
    const { core, callers } = this.#admin;
    if (!isTrusted) {
      const caller = await callers.identify(authorization === undefined ? {} : { authorization }, address);
      const call = new Call({ caller, address, userAgent: "", requestId: "", host: "", isFromConsole: false });
      authorise({ permission: "server:read" }, call, {});
    }
    const log = core.log.for("metrics");
    return prometheusText([...this.#families, ...core.metrics.families()], (family, error) =>
      log.debug("a metric could not be read", { family, error: String(error) }),
    );
  }

  stop(): void {
    this.#process.stop();
  }
}
