import { createHash } from "node:crypto";
import { ComponentService } from "../../core/component-service.ts";
import { type TestClient, type TestServer, testServer } from "../../core/testing.ts";
import { LoginThrottle } from "../../core/throttle.ts";
import { AddressLimits } from "../../net/address-limits.ts";
import { Listener } from "../../net/listener.ts";
import { RawClient } from "../../net/testing.ts";
import { carbons } from "../carbons/module.ts";
import { disco } from "../disco/module.ts";
import { message } from "../message/module.ts";
import { ping } from "../ping.ts";
import { presence } from "../presence/module.ts";
import { privateXml } from "../private.ts";
import { pep } from "../pubsub/pep.ts";
import { roster } from "../roster/module.ts";
import { components } from "./module.ts";

export const host = "montague.example";
export const domain = `bridge.${host}`;
export const secret = "what only the bridge knows";
export const privilege = "xmlns='urn:xmpp:privilege:2'";

/** A server with one component, which connects over TCP, and two clients. */
export interface Bridged extends TestServer {
  readonly romeo: TestClient;
  readonly benvolio: TestClient;
  bridge: RawClient;
  /** Returns what the component is told at once. */
  connectBridge(): Promise<string>;
  /** Everything that the component is sent until an answer of the server. */
  sync(): Promise<string>;
  /** Asks for something as the component; what comes back. */
  ask(type: string, to: string, payload: string): Promise<string>;
}

/** Starts it; `declared`: options of the component, beside its domain and secret. */
export async function bridged(declared: object): Promise<Bridged> {
  const server = await testServer({
    modules: [disco, roster, presence, message, carbons, ping, pep, privateXml, components],
    accounts: [`romeo@${host}`, `benvolio@${host}`, "juliet@capulet.example"],
    policy: (draft) => {
      const options = { components: [{ domain: "bridge.@HOST@", secret, ...declared }] };
      draft.hosts[host]!.modules["components"] = { enabled: true, options };
    },
  });
  const service = new ComponentService(server.core, new LoginThrottle(server.clock), {
    loginMs: 30_000,
    maxUnproved: 100,
  });
  const limits = new AddressLimits({ maxPerAddress: 100, newPerSecond: 20 });
  const { accept } = service;
  const listener = await Listener.open({ name: "component", address: "127.0.0.1", port: 0, limits, accept });
  let asked = 0;
  const ask = async (type: string, to: string, payload: string): Promise<string> => {
    const id = `ask-${(asked += 1)}`;
    self.bridge.send(`<iq type='${type}' id='${id}' from='${domain}' to='${to}'>${payload}</iq>`);
    return self.bridge.until(new RegExp(`<iq [^>]*id='${id}'[^>]*(/>|>.*</iq>)`, "s"));
  };
  const sync = async (): Promise<string> =>
    (await ask("get", host, "<ping xmlns='urn:xmpp:ping'/>")).replace(/<iq [^>]*id='ask-\d+'[^>]*\/>/, "");
  const self: Bridged = {
    ...server,
    romeo: await server.connect(`romeo@${host}/orchard`),
    benvolio: await server.connect(`benvolio@${host}/street`),
    bridge: await RawClient.connect(listener.port),
    ask,
    sync,
    async connectBridge() {
      self.bridge.send(
        `<stream:stream xmlns='jabber:component:accept' xmlns:stream='http://etherx.jabber.org/streams' to='${domain}'>`,
      );
      const id = / id='([^']+)'/.exec(await self.bridge.until(/<stream:stream[^>]*>/))![1]!;
      const proof = createHash("sha1").update(`${id}${secret}`).digest("hex");
      self.bridge.send(`<handshake>${proof}</handshake>`);
      await self.bridge.until("<handshake/>");
      return sync();
    },
    async stop() {
      self.bridge.destroy();
      await listener.close();
      await service.drain();
      await server.stop();
    },
  };
  return self;
}
