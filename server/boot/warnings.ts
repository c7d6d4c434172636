import type { Config } from "../config/schema.ts";
import { isLoopback } from "../net/address.ts";

/** What the log warns about at each start: settings that are for tests, or that give something away. */
export function warnings(config: Config): string[] {
  const found: string[] = [];
  if (config.c2s.starttls === "optional") found.push("c2s.starttls is optional: clients may log in without encryption");
  if (config.c2s.plainWithoutTls)
    found.push("c2s.plainWithoutTls is on: passwords may cross the network as plain text");
  if (config.http.plain === "allow") found.push("http.plain is allow: the console may be used without encryption");
  if (config.component.port !== 0 && !isLoopback(config.component.bind))
    found.push("component.bind is no loopback address: what components exchange crosses the network unencrypted");
  if (config.storage === "memory") found.push("storage is memory: nothing is kept when the server stops");
  return found;
}
