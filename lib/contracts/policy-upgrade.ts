/**
 * A policy document as this version writes it, from one that an earlier version wrote. What it does not know it leaves as
 * it is, for the schema to judge. 0.1 called the classes of a forward rule `types`.
 */
export function upgradePolicy(document: unknown): unknown {
  if (!isRecord(document) || !isRecord(document["forward"])) return document;
  const { rules } = document["forward"];
  if (!Array.isArray(rules) || !rules.some(isOfTypes)) return document;
  return { ...document, forward: { ...document["forward"], rules: rules.map(withClasses) } };
}

function withClasses(rule: unknown): unknown {
  if (!isOfTypes(rule)) return rule;
  const { types, ...rest } = rule;
  return { ...rest, classes: types };
}

function isOfTypes(rule: unknown): rule is Record<string, unknown> {
  return isRecord(rule) && Object.hasOwn(rule, "types") && !Object.hasOwn(rule, "classes");
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
