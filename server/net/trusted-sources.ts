import { BlockList, isIP } from "node:net";
import { plainAddress } from "./address.ts";

/** Addresses of proxies that are believed when they say who the client is. */
export class TrustedSources {
  readonly #list = new BlockList();

  /** IP addresses, and blocks of them such as `10.0.0.0/8`. Throws for anything else. */
  constructor(networks: readonly string[]) {
    for (const network of networks) {
      const [address = "", prefix] = network.split("/");
      const family = isIP(address) === 4 ? "ipv4" : "ipv6";
      this.#list.addSubnet(address, prefix === undefined ? (family === "ipv4" ? 32 : 128) : Number(prefix), family);
    }
  }

  has(address: string): boolean {
    const plain = plainAddress(address);
    const family = isIP(plain);
    return family !== 0 && this.#list.check(plain, family === 4 ? "ipv4" : "ipv6");
  }
}
