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
  /** Authorities that may issue certificates (RFC 8659). */
  readonly issuers?: readonly string[];
  /** Names of an address, whose own name is that of its digits below `in-addr.arpa`. */
  readonly pointers?: readonly string[];
}

export interface TestNames extends NameServer {
  /** Names in lower case, without a final dot; may be changed at any time. */
  readonly names: Map<string, TestRecords>;
  /** Questions so far, as `TYPE name`. */
  readonly asked: string[];
}

const types = new Map([
  [1, "A"],
  [12, "PTR"],
  [28, "AAAA"],
  [33, "SRV"],
  [257, "CAA"],
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

function answersTo(
  { addresses = [], services = [], issuers = [], pointers = [] }: TestRecords,
  type: number,
): Buffer[] {
  switch (types.get(type)) {
    case "SRV":
      return services.map(({ name, port, priority = 0, weight = 0 }) => serviceRecord(name, port, priority, weight));
    case "CAA":
      return issuers.map((issuer) => record(type, Buffer.from(`\0\x05issue${issuer}`, "latin1"), ttlSeconds));
    case "PTR":
      return pointers.map((name) => record(type, encoded(name), ttlSeconds));
    default:
      return addressRecords(addresses, type, ttlSeconds);
  }
}

function serviceRecord(target: string, port: number, priority: number, weight: number): Buffer {
  const numbers = Buffer.alloc(6);
  numbers.writeUInt16BE(priority, 0);
  numbers.writeUInt16BE(weight, 2);
  numbers.writeUInt16BE(port, 4);
  return record(33, Buffer.concat([numbers, encoded(target)]), ttlSeconds);
}

/** RFC 1035 3.1. */
function encoded(name: string): Buffer {
  const labels = name.split(".").filter((label) => label !== "");
  const parts = labels.map((label) => Buffer.concat([Buffer.from([label.length]), Buffer.from(label)]));
  return Buffer.concat([...parts, Buffer.from([0])]);
}
