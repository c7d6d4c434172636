import { connect } from "node:net";
import type { Finding } from "../../../lib/contracts/doctor.ts";
import { type Examined, finding, reasonOf } from "./parts.ts";

const waitMs = 3_000;
const everywhere = new Set(["::", "0.0.0.0"]);

/** Whether each listener answers, at loopback and at the machine's own addresses. */
export async function examinePorts({ listeners, patient }: Examined): Promise<Finding[]> {
  const checks = listeners().flatMap(({ name, address, port }) => {
    const at = everywhere.has(address) ? ["127.0.0.1", ...patient.addresses()] : [address];
    return at
      .filter((each) => address !== "0.0.0.0" || !each.includes(":"))
      .map((each) => examinePort(name, each, port));
  });
  return Promise.all(checks);
}

async function examinePort(listener: string, address: string, port: number): Promise<Finding> {
  const values = { listener, address, port: String(port) };
  try {
    await reach(address, port);
    return finding("ports", listener, "port-open", values, "ok", `TCP ${address} ${port}: connected`);
  } catch (error) {
    const reason = reasonOf(error);
    return finding(
      "ports",
      listener,
      "port-closed",
      { ...values, reason },
      "error",
      `TCP ${address} ${port}: ${reason}`,
    );
  }
}

/** Resolves when a connection was made; it is closed at once. */
function reach(host: string, port: number): Promise<void> {
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  const socket = connect({ host, port });
  socket.setTimeout(waitMs, () => socket.destroy(new Error(`no answer within ${waitMs / 1000} s`)));
  socket.once("connect", () => {
    resolve();
    socket.destroy();
  });
  socket.once("error", reject);
  return promise;
}
