const browsers: [RegExp, string][] = [
  [/Edg\/(\d+)/, "Edge"],
  [/Firefox\/(\d+)/, "Firefox"],
  [/Chrom(?:e|ium)\/(\d+)/, "Chrome"],
  [/Version\/(\d+)[^)]*Safari/, "Safari"],
];

const systems: [RegExp, string][] = [
  [/iPhone|iPad/, "iOS"],
  [/Android/, "Android"],
  [/Mac OS X/, "macOS"],
  [/Windows/, "Windows"],
  [/Linux/, "Linux"],
];

/** "Firefox 143 · Linux" from a User-Agent; the first words of it when it is no known browser. */
export function browserName(userAgent: string): string {
  const browser = browsers.map(([pattern, name]) => [pattern.exec(userAgent)?.[1], name]).find(([version]) => version);
  const system = systems.find(([pattern]) => pattern.test(userAgent))?.[1];
  if (!browser) return userAgent.slice(0, 40) || "?";
  return `${browser[1]} ${browser[0]}${system ? ` · ${system}` : ""}`;
}
