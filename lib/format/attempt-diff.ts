import type { ForwardAttempt } from "../contracts/forward-event.ts";
import { visible } from "./visible.ts";

interface Change {
  path: string;
  before: string | null;
  after: string | null;
}

/** What was asked and answered otherwise than in the attempt before, by place. The body that is sent is always the same. */
export function changesSince(before: ForwardAttempt, after: ForwardAttempt): Change[] {
  const [old, now] = [placesOf(before), placesOf(after)];
  return [...new Set([...old.keys(), ...now.keys()])].flatMap((path) => {
    const [was = null, is = null] = [old.get(path), now.get(path)];
    return was === is ? [] : [{ path, before: was, after: is }];
  });
}

function placesOf({ address, status, error, request, response }: ForwardAttempt): ReadonlyMap<string, string> {
  const places = new Map<string, string>();
  const add = (path: string, value: string | number | null | undefined): void => {
    if (value === null || value === undefined) return;
    const known = places.get(path);
    // A header may come more than once (RFC 9110 5.3).
    places.set(path, known === undefined ? visible(String(value)) : `${known}, ${visible(String(value))}`);
  };
  add("request.url", request.url);
  for (const [name, value] of request.headers) add(`request.headers.${name.toLowerCase()}`, value);
  add("address", address);
  add("response.status", status);
  add("error", error);
  for (const [name, value] of response?.headers ?? []) add(`response.headers.${name.toLowerCase()}`, value);
  add("response.body", response?.body);
  return places;
}
