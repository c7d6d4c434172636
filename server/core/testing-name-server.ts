import { createSocket } from "node:dgram";
import { once } from "node:events";
import ipaddr from "ipaddr.js";

/** Types of records (RFC 1035 3.2.2, RFC 3596 2.1). */
const types = { ipv4: 1, ipv6: 28 } as const;

/** A name server on loopback. */
export interface NameServer {
  /** `address:port`, for a resolver. */
  readonly server: string;
  close(): Promise<void>;
}

/**
 * For tests: answers each question (RFC 1035 4.1) with the records that `answer` gives for a name in lower case, without its
 * final dot, and a type; null: there is no such name.
 */
export async function startNameServer(
  answer: (name: string, type: number) => readonly Buffer[] | null,
): Promise<NameServer> {
  const socket = createSocket("udp4");
  socket.on("message", (query, peer) => {
    const { name, type, question } = questionOf(query);
    const records = answer(name, type);
    const header = Buffer.from([query[0]!, query[1]!, 0x81, records === null ? 0x83 : 0x80, 0, 1, 0, 0, 0, 0, 0, 0]);
    header[7] = records?.length ?? 0;
    socket.send(Buffer.concat([header, question, ...(records ?? [])]), peer.port, peer.address);
  });
  socket.bind(0, "127.0.0.1");
  await once(socket, "listening");
  return {
    server: `127.0.0.1:${socket.address().port}`,
    async close() {
      socket.close();
      await once(socket, "close");
    },
  };
}

/** A record whose name is that of the question, by a pointer (RFC 1035 4.1.4). */
export function record(type: number, data: Buffer, ttlSeconds: number): Buffer {
  return Buffer.concat([
    Buffer.from([0xc0, 0x0c, type >> 8, type & 0xff, 0, 1, 0, 0, 0, ttlSeconds, 0, data.length]),
    data,
  ]);
}

/** Those of the addresses that a question of this type asks for. */
export function addressRecords(addresses: readonly string[], type: number, ttlSeconds: number): Buffer[] {
  return addresses
    .map((address) => ipaddr.parse(address))
    .filter((address) => types[address.kind()] === type)
    .map((address) => record(type, Buffer.from(address.toByteArray()), ttlSeconds));
}

function questionOf(query: Buffer): { name: string; type: number; question: Buffer } {
  const labels: string[] = [];
  let at = 12;
  for (let length = query[at]!; length > 0; length = query[at]!) {
    labels.push(query.toString("latin1", at + 1, at + 1 + length).toLowerCase());
    at += length + 1;
  }
  return { name: labels.join("."), type: query.readUInt16BE(at + 1), question: query.subarray(12, at + 5) };
}
