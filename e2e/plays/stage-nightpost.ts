import { TestServer } from "../support/server.ts";
import { hosts, type Stage } from "./stage.ts";

/** A Nightpost of its own, with registration open to all. */
export async function nightpostStage(transport: Stage["transport"]): Promise<Stage> {
  const server = await TestServer.start({ env: { NIGHTPOST_HOSTS: hosts.join(",") } });
  const { policy } = await server.api.registration.get({});
  await server.api.registration.set({ policy: { ...policy, mode: "open", timeout: "infinity", requireTls: false } });
  return {
    name: "nightpost",
    port: transport === "tcp" ? server.c2sPort : server.httpPort,
    transport,
    createAccount: (user, host, password) => server.register(user, password, host),
    output: () => server.output,
    async stop() {
      await server.stop();
    },
  };
}
