import { createSocket } from "node:dgram";
import { Resolver as DnsResolver } from "node:dns/promises";
import type { LookupAddress } from "node:dns";
import { once } from "node:events";
import ipaddr from "ipaddr.js";
import type { Resolver } from "./guard.ts";

/** A name server of its own, and who asks it. */
export interface Dns {
  readonly resolve: Resolver;
  /** Questions for a name's addresses so far, both families as one. */
  asked(name: string): number;
  close(): Promise<void>;
}

const types = new Map([
  [1, "ipv4"],
  [28, "ipv6"],
]);

/** RFC 1035 4.1: answers with the addresses of a name, those of its first question first, the last ones for ever. */
export async function startDns(names: ReadonlyMap<string, readonly (readonly string[])[]>): Promise<Dns> {
  const asked = new Map<string, number>();
  const socket = createSocket("udp4");
  socket.on("message", (query, peer) => {
    const { name, type, question } = questionOf(query);
    const family = types.get(type);
    const turns = names.get(name) ?? [];
    // Both families of one look-up are the same turn.
    const turn = turns[Math.min(Math.max(0, (asked.get(name) ?? 1) - 1), turns.length - 1)] ?? [];
    const found = turn.map((address) => ipaddr.parse(address)).filter((address) => address.kind() === family);
    const header = Buffer.from([
      query[0]!,
      query[1]!,
      0x81,
      names.has(name) ? 0x80 : 0x83,
      0,
      1,
      0,
      found.length,
      0,
      0,
      0,
      0,
    ]);
    const records = found.map((address) => {
      const bytes = Buffer.from(address.toByteArray());
      return Buffer.concat([Buffer.from([0xc0, 0x0c, 0, type, 0, 1, 0, 0, 0, 0, 0, bytes.length]), bytes]);
    });
    socket.send(Buffer.concat([header, question, ...records]), peer.port, peer.address);
  });
  socket.bind(0, "127.0.0.1");
  await once(socket, "listening");
  const resolver = new DnsResolver({ timeout: 2_000, tries: 1 });
  resolver.setServers([`127.0.0.1:${socket.address().port}`]);
  const look = async (hostname: string): Promise<LookupAddress[]> => {
    const name = rootless(hostname);
    asked.set(name, (asked.get(name) ?? 0) + 1);
    const [four, six] = await Promise.allSettled([resolver.resolve4(name), resolver.resolve6(name)]);
    const all = [
      ...(four.status === "fulfilled" ? four.value.map((address) => ({ address, family: 4 })) : []),
      ...(six.status === "fulfilled" ? six.value.map((address) => ({ address, family: 6 })) : []),
    ];
    if (all.length === 0) throw Object.assign(new Error(`${name} is not known`), { code: "ENOTFOUND" });
    return all;
  };
  return {
    resolve: (name, callback) => {
      look(name).then(
        (addresses) => callback(null, addresses),
        (error: NodeJS.ErrnoException) => callback(error, []),
      );
    },
    asked: (name) => asked.get(rootless(name)) ?? 0,
    close: async () => {
      socket.close();
      await once(socket, "close");
    },
  };
}

const rootless = (name: string): string => name.replace(/\.$/, "");

function questionOf(query: Buffer): { name: string; type: number; question: Buffer } {
  const labels: string[] = [];
  let at = 12;
  for (let length = query[at]!; length > 0; length = query[at]!) {
    labels.push(query.toString("latin1", at + 1, at + 1 + length).toLowerCase());
    at += length + 1;
  }
  return { name: labels.join("."), type: query.readUInt16BE(at + 1), question: query.subarray(12, at + 5) };
}
