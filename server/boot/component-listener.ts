import type { Config } from "../config/schema.ts";
import { ComponentService } from "../core/component-service.ts";
import type { Core } from "../core/core.ts";
import type { LoginThrottle } from "../core/throttle.ts";
import type { AddressLimits } from "../net/address-limits.ts";
import { Listener } from "../net/listener.ts";

export interface ComponentListener {
  readonly listener: Listener;
  /** Accepts nothing more, and ends what is connected. */
  close(): Promise<void>;
}

const maxUnproved = 100;

/** Listens for external components (XEP-0114); null: the configuration has no port for them. Throws ListenerError. */
export async function openComponents(
  core: Core,
  config: Config,
  throttle: LoginThrottle,
  limits: AddressLimits,
  failed: (error: Error) => void,
): Promise<ComponentListener | null> {
  const { port, bind } = config.component;
  if (port === 0) return null;
  const service = new ComponentService(core, throttle, { loginMs: config.c2s.loginSeconds * 1000, maxUnproved });
  const { accept } = service;
  const listener = await Listener.open({ name: "component", address: bind, port, limits, accept, failed });
  return {
    listener,
    async close() {
      await Promise.all([listener.close(), service.drain()]);
    },
  };
}
