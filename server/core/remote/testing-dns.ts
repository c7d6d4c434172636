import { createSocket } from "node:dgram";
import { once } from "node:events";
import { isIPv4 } from "node:net";
import ipaddr from "ipaddr.js";

/** Records of one name: addresses, or services with their targets. */
export interface TestRecords {
  readonly addresses?: readonly string[];
  readonly services?: readonly {
    readonly name: string;
    readonly port: number;
    readonly priority?: number;
    readonly weight?: number;
  }[];
}

/** A name server on loopback. */
export interface TestNames {
  /** `address:port`, for a resolver. */
  readonly server: string;
  /** Names in lower case, without a final dot; may be changed at any time. */
  readonly names: Map<string, TestRecords>;
  /** Questions so far, as `TYPE name`. */
  readonly asked: string[];
  close(): Promise<void>;
}

const types = new Map([
  [1, "A"],
  [28, "AAAA"],
  [33, "SRV"],
]);
const ttlSeconds = 30;

/** For tests: answers from `names` (RFC 1035 4.1, RFC 2782); for any other name, that there is none. */
export async function startNames(names: Map<string, TestRecords>): Promise<TestNames> {
  const asked: string[] = [];
  const socket = createSocket("udp4");
  socket.on("message", (query, peer) => {
    const { name, type, question } = questionOf(query);
    asked.push(`${types.get(type) ?? type} ${name}`);
    const answers = answersTo(names.get(name) ?? {}, type);
    // RFC 8020: what has names below it is there.
    const isThere = [...names.keys()].some((one) => one === name || one.endsWith(`.${name}`));
    const header = Buffer.from([query[0]!, query[1]!, 0x81, isThere ? 0x80 : 0x83, 0, 1, 0, 0, 0, 0, 0, 0]);
    header[7] = answers.length;
    socket.send(Buffer.concat([header, question, ...answers]), peer.port, peer.address);
  });
  socket.bind(0, "127.0.0.1");
  await once(socket, "listening");
  return {
    server: `127.0.0.1:${socket.address().port}`,
    names,
    asked,
    async close() {
      socket.close();
      await once(socket, "close");
    },
  };
}

function answersTo({ addresses = [], services = [] }: TestRecords, type: number): Buffer[] {
  if (type === 33)
    return services.map(({ name, port, priority = 0, weight = 0 }) => serviceRecord(name, port, priority, weight));
  const wanted = addresses.filter((address) => type === (isIPv4(address) ? 1 : 28));
  return wanted.map((address) => record(type, Buffer.from(ipaddr.parse(address).toByteArray())));
}

function serviceRecord(target: string, port: number, priority: number, weight: number): Buffer {
  const numbers = Buffer.alloc(6);
  numbers.writeUInt16BE(priority, 0);
  numbers.writeUInt16BE(weight, 2);
  numbers.writeUInt16BE(port, 4);
  const labels = target.split(".").filter((label) => label !== "");
  const name = labels.map((label) => Buffer.concat([Buffer.from([label.length]), Buffer.from(label)]));
  return record(33, Buffer.concat([numbers, ...name, Buffer.from([0])]));
}

/** Its name is that of the question, by a pointer (RFC 1035 4.1.4). */
function record(type: number, data: Buffer): Buffer {
  return Buffer.concat([Buffer.from([0xc0, 0x0c, 0, type, 0, 1, 0, 0, 0, ttlSeconds, 0, data.length]), data]);
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
