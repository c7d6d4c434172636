import { addressRecords, type NameServer, record, startNameServer } from "../testing-name-server.ts";

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

export interface TestNames extends NameServer {
  /** Names in lower case, without a final dot; may be changed at any time. */
  readonly names: Map<string, TestRecords>;
  /** Questions so far, as `TYPE name`. */
  readonly asked: string[];
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
  const nameServer = await startNameServer((name, type) => {
    asked.push(`${types.get(type) ?? type} ${name}`);
    // RFC 8020: what has names below it is there.
    const isThere = [...names.keys()].some((one) => one === name || one.endsWith(`.${name}`));
    return isThere ? answersTo(names.get(name) ?? {}, type) : null;
  });
  return { ...nameServer, names, asked };
}

function answersTo({ addresses = [], services = [] }: TestRecords, type: number): Buffer[] {
  if (type !== 33) return addressRecords(addresses, type, ttlSeconds);
  return services.map(({ name, port, priority = 0, weight = 0 }) => serviceRecord(name, port, priority, weight));
}

function serviceRecord(target: string, port: number, priority: number, weight: number): Buffer {
  const numbers = Buffer.alloc(6);
  numbers.writeUInt16BE(priority, 0);
  numbers.writeUInt16BE(weight, 2);
  numbers.writeUInt16BE(port, 4);
  const labels = target.split(".").filter((label) => label !== "");
  const name = labels.map((label) => Buffer.concat([Buffer.from([label.length]), Buffer.from(label)]));
  return record(33, Buffer.concat([numbers, ...name, Buffer.from([0])]), ttlSeconds);
}
