/**
 * A policy document as this version writes it, from one that an earlier version wrote. What it does not know it leaves as
 * it is, for the schema to judge. 0.1 called the classes of a forward rule `types`, and its replies to those who applied had one
 * text.
 */
export function upgradePolicy(document: unknown): unknown {
  if (!isRecord(document)) return document;
  return {
    ...document,
    ...(isRecord(document["forward"]) && { forward: upgradeForward(document["forward"]) }),
    ...(isRecord(document["registration"]) && { registration: upgradeRegistration(document["registration"]) }),
    ...(isRecord(document["hosts"]) && { hosts: upgradeHosts(document["hosts"]) }),
  };
}

/** The registration policy in it, of a host or the default. */
export function upgradeRegistration(policy: Readonly<Record<string, unknown>>): Record<string, unknown> {
  const { templates } = policy;
  return Array.isArray(templates) ? { ...policy, templates: templates.map(withTexts) } : policy;
}

function upgradeForward(forward: Readonly<Record<string, unknown>>): Record<string, unknown> {
  const { rules } = forward;
  return Array.isArray(rules) ? { ...forward, rules: rules.map(withClasses) } : forward;
}

function upgradeHosts(hosts: Readonly<Record<string, unknown>>): Record<string, unknown> {
  const entries = Object.entries(hosts).map(([name, host]) => {
    if (!isRecord(host) || !isRecord(host["registration"])) return [name, host];
    return [name, { ...host, registration: upgradeRegistration(host["registration"]) }];
  });
  return Object.fromEntries(entries) as Record<string, unknown>;
}

function withClasses(rule: unknown): unknown {
  if (!isRecord(rule) || !Object.hasOwn(rule, "types") || Object.hasOwn(rule, "classes")) return rule;
  const { types, ...rest } = rule;
  return { ...rest, classes: types };
}

/** Nobody said what language the text is in: its letters do, as far as it matters to a choice among texts. */
function withTexts(template: unknown): unknown {
  if (!isRecord(template) || typeof template["text"] !== "string" || Object.hasOwn(template, "texts")) return template;
  const { text, ...rest } = template;
  return { ...rest, texts: { [/\p{Script=Han}/u.test(text) ? "zh-CN" : "en"]: text } };
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
