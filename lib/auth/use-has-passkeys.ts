import { useSyncExternalStore } from "react";
import { hasPasskeys } from "./passkey.ts";

/** `hasPasskeys` for a component; false on the server and until the page runs. */
export function useHasPasskeys(): boolean {
  return useSyncExternalStore(noChange, hasPasskeys, () => false);
}

const noChange = () => () => undefined;
