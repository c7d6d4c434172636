import { z } from "zod";
import { Certificates } from "../../net/certificates.ts";
import type { Core } from "../core.ts";
import { defineModule } from "../module.ts";
import { LinkFault } from "./fault.ts";
import { ServerTls } from "./server-tls.ts";

/** For tests: lets a host talk to other servers, without anything to negotiate with. */
export const talkative = defineModule({
  name: "talkative",
  summary: "Talks to other servers.",
  xeps: [],
  options: z.strictObject({}),
  start({ core: { links }, host, hook, onStop }) {
    const settings = {
      isTlsRequired: () => true,
      maxQueuedStanzas: 10,
      maxQueuedLength: 10_000,
      queueMs: 60_000,
      idleMs: 60_000,
    };
    onStop(links.federations.serve(host, settings));
    hook("stanza/remote", (packet) => (links.send(packet) ? "handled" : undefined));
  },
});

/** For tests: links can be made, and all fail, because no name server answers. Returns the domains that are looked up. */
export async function openToNobody(core: Core): Promise<string[]> {
  const sought: string[] = [];
  const certificates = await Certificates.open({ directory: null, files: [] });
  core.links.open({
    resolver: {
      resolve(domain) {
        sought.push(domain);
        return Promise.reject(new LinkFault("dns-failed", `${domain} cannot be looked up`));
      },
    },
    tls: new ServerTls(certificates, core.hosts),
    negotiationMs: 1_000,
  });
  return sought;
}
