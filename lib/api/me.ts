"use client";

import { useQuery } from "@tanstack/react-query";
import { useSyncExternalStore } from "react";
import type { Contract } from "../contracts/index.ts";
import { mayCall } from "../contracts/may.ts";
import { api } from "./client.ts";
import { routes } from "./routes.ts";

/** A verb of the admin API: `users.create`. */
export type VerbName = { [Entity in keyof Contract]: `${Entity}.${keyof Contract[Entity] & string}` }[keyof Contract];

const unchanging = () => () => undefined;

/**
 * Who is signed in, and what they may do. Roles change while the console is open: the live stream says when to ask again. What
 * was prerendered knows nobody, and a part of a page that comes to life later than the rest has to begin like it.
 */
export function useMe() {
  const { data } = useQuery(api.auth.me.queryOptions({ staleTime: 300_000 }));
  const isAlive = useSyncExternalStore(
    unchanging,
    () => true,
    () => false,
  );
  return { data: isAlive ? data : undefined };
}

/**
 * Would the server let this account call a verb, on a host or (left out) on any? The very question that the server asks at
 * its door, so what is not shown is what would be refused. While it is not known who is signed in, nothing is shown.
 */
export function useMay(): (verb: VerbName, host?: string | null) => boolean {
  const me = useMe();
  const grants = me.data?.grants ?? [];
  return (verb, host) => {
    const route = Object.hasOwn(routes, verb) ? routes[verb] : undefined;
    return route !== undefined && mayCall(route.meta, grants, host ?? undefined);
  };
}
