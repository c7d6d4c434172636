/** The page to open after login: a path inside the console, or the overview for anything else. */
export function callbackPath(value: string | null): string {
  if (!value || !value.startsWith("/") || value.startsWith("//") || value.includes("\\")) return "/";
  try {
    const url = new URL(value, "http://console.invalid");
    if (url.origin !== "http://console.invalid" || url.pathname === "/login") return "/";
    return url.pathname.startsWith("//") ? "/" : url.pathname + url.search;
  } catch {
    return "/";
  }
}
