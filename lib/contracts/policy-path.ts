type Segment = string | number | symbol;

const PLAIN = /^[A-Za-z_]\w*$/;

/** Path into the policy document: `accessRules.configure[0].allow`, `hosts["bix.org"].acl`. */
export function documentPath(...segments: readonly Segment[]): string {
  let path = "";
  for (const segment of segments) {
    if (typeof segment === "number") path += `[${segment}]`;
    else if (PLAIN.test(String(segment))) path += path === "" ? String(segment) : `.${String(segment)}`;
    else path += `[${JSON.stringify(String(segment))}]`;
  }
  return path;
}
