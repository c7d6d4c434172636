import { storesConformance } from "./conformance.ts";
import { openMemory } from "./memory.ts";

storesConformance("memory", () => Promise.resolve(openMemory()));
