import { expect, it } from "vitest";
import type { PushCredentialRow } from "../ports.ts";
import type { StoresOf } from "./samples.ts";

const row: PushCredentialRow = { since: 1000, accepting: [], refused: { production: ["a", "b"] } };

export function pushCredentialsConformance(storesOf: StoresOf): void {
  it("keeps what is known of a credential, the last word of it", async () => {
    const { pushCredentials } = storesOf();
    expect(await pushCredentials.find("apns/1")).toBeNull();
    await pushCredentials.put("apns/1", row);
    expect(await pushCredentials.find("apns/1")).toEqual(row);
    const later = { ...row, accepting: ["production"], refused: {} };
    await pushCredentials.put("apns/1", later);
    expect(await pushCredentials.find("apns/1")).toEqual(later);
    expect(await pushCredentials.find("apns/2")).toBeNull();
  });
}
