/** Sets an own member of a record whose names come from requests, or takes it away (`null`). */
export function put<Value>(record: Record<string, Value>, key: string, value: Value | null): void {
  if (value === null) delete record[key];
  else Object.defineProperty(record, key, { value, configurable: true, enumerable: true, writable: true });
}
