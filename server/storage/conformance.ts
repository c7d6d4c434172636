import { afterEach, beforeEach, describe } from "vitest";
import { accountsConformance } from "./conformance/accounts.ts";
import { adminConformance } from "./conformance/admin.ts";
import { archiveConformance } from "./conformance/archive.ts";
import { acksConformance } from "./conformance/acks.ts";
import { batchesConformance } from "./conformance/batches.ts";
import { cancellationConformance } from "./conformance/cancellation.ts";
import { clientsConformance } from "./conformance/clients.ts";
import { devicesConformance } from "./conformance/devices.ts";
import { feedsConformance } from "./conformance/feeds.ts";
import { filesConformance } from "./conformance/files.ts";
import { invitesConformance } from "./conformance/invites.ts";
import { lanesConformance } from "./conformance/lanes.ts";
import { nodesConformance } from "./conformance/nodes.ts";
import { offlineConformance } from "./conformance/offline.ts";
import { outboxLogConformance } from "./conformance/outbox-log.ts";
import { outboxRandomConformance } from "./conformance/outbox-random.ts";
import { outboxDevicesConformance } from "./conformance/outbox-devices.ts";
import { personalConformance } from "./conformance/personal.ts";
import { policiesConformance } from "./conformance/policies.ts";
import { quotasConformance } from "./conformance/quotas.ts";
import { registrationsConformance } from "./conformance/registrations.ts";
import { replaysConformance } from "./conformance/replays.ts";
import { roomsConformance } from "./conformance/rooms.ts";
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
    describe("archive", () => archiveConformance(storesOf));
    describe("outbox lanes", () => lanesConformance(storesOf));
    describe("outbox log", () => outboxLogConformance(storesOf));
    describe("outbox replays", () => replaysConformance(storesOf));
    describe("outbox cancellation", () => cancellationConformance(storesOf));
    describe("outbox quotas", () => quotasConformance(storesOf));
    describe("outbox acknowledgements", () => acksConformance(storesOf));
    describe("outbox for devices", () => outboxDevicesConformance(storesOf));
    describe("outbox, at random", () => outboxRandomConformance(storesOf));
    describe("devices", () => devicesConformance(storesOf));
    describe("policies", () => policiesConformance(storesOf));
    describe("personal data", () => personalConformance(storesOf));
    describe("rooms", () => roomsConformance(storesOf));
    describe("nodes", () => nodesConformance(storesOf));
    describe("clients", () => clientsConformance(storesOf));
    describe("registrations", () => registrationsConformance(storesOf));
    describe("invites", () => invitesConformance(storesOf));
    describe("files", () => filesConformance(storesOf));
    describe("administration", () => adminConformance(storesOf));
    describe("feeds", () => feedsConformance(storesOf));
    describe("batches", () => batchesConformance(storesOf));
  });
}
