import { afterEach, beforeEach, describe } from "vitest";
import { accountsConformance } from "./conformance/accounts.ts";
import { adminConformance } from "./conformance/admin.ts";
import { batchesConformance } from "./conformance/batches.ts";
import { feedsConformance } from "./conformance/feeds.ts";
import { lanesConformance } from "./conformance/lanes.ts";
import { offlineConformance } from "./conformance/offline.ts";
import { outboxLogConformance } from "./conformance/outbox-log.ts";
import { personalConformance } from "./conformance/personal.ts";
import { policiesConformance } from "./conformance/policies.ts";
import { registrationsConformance } from "./conformance/registrations.ts";
import { replaysConformance } from "./conformance/replays.ts";
import { rostersConformance } from "./conformance/rosters.ts";
import type { StoresOf } from "./conformance/samples.ts";
import type { Stores } from "./ports.ts";

/** What every driver has to pass: `open` makes new, empty stores. */
export function storesConformance(name: string, open: () => Promise<Stores>): void {
  describe(name, () => {
    let stores: Stores;
    beforeEach(async () => {
      stores = await open();
    });
    afterEach(() => stores.close());
    const storesOf: StoresOf = () => stores;

    describe("accounts", () => accountsConformance(storesOf));
    describe("rosters", () => rostersConformance(storesOf));
    describe("offline", () => offlineConformance(storesOf));
    describe("outbox lanes", () => lanesConformance(storesOf));
    describe("outbox log", () => outboxLogConformance(storesOf));
    describe("outbox replays", () => replaysConformance(storesOf));
    describe("policies", () => policiesConformance(storesOf));
    describe("personal data", () => personalConformance(storesOf));
    describe("registrations", () => registrationsConformance(storesOf));
    describe("administration", () => adminConformance(storesOf));
    describe("feeds", () => feedsConformance(storesOf));
    describe("batches", () => batchesConformance(storesOf));
  });
}
