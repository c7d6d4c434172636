/** What a rule's expression sees as `message`, with the CEL type; `body`, `subject`, `thread` and `lang` may be null. */
export const expressionFields = [
  ["class", "string"],
  ["type", "string"],
  ["from", "string"],
  ["fromDomain", "string"],
  ["to", "string"],
  ["user", "string"],
  ["host", "string"],
  ["body", "string?"],
  ["subject", "string?"],
  ["thread", "string?"],
  ["lang", "string?"],
  ["encrypted", "bool"],
  ["hints", "list"],
  ["namespaces", "list"],
  ["size", "int"],
] as const;
