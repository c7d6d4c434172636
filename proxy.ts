import { type NextRequest, NextResponse } from "next/server";
import { readConsoleToken } from "@/lib/auth/token.ts";
import { isLocale, localeCookie, negotiateLocale } from "@/lib/i18n/locales.ts";

const publicPaths = new Set(["/login", "/setup"]);

/**
 * Chooses the language and sends visitors without a session to the login page. A convenience, not a guard: the pages are
 * static shells without data, and the server checks every call of its API.
 */
export async function proxy(request: NextRequest): Promise<NextResponse> {
  const url = request.nextUrl.clone();
  const { pathname } = url;
  const [, first] = pathname.split("/");
  if (isLocale(first)) {
    url.pathname = pathname.slice(first.length + 1) || "/";
    return NextResponse.redirect(url);
  }
  if (!publicPaths.has(pathname) && !(await readConsoleToken(request))) {
    url.pathname = "/login";
    url.search = "";
    if (pathname !== "/") url.searchParams.set("callbackUrl", pathname + request.nextUrl.search);
    return NextResponse.redirect(url);
  }
  const locale = negotiateLocale(request.cookies.get(localeCookie)?.value, request.headers.get("accept-language"));
  url.pathname = `/${locale}${pathname === "/" ? "" : pathname}`;
  return NextResponse.rewrite(url);
}

export const config = { matcher: ["/", "/((?!api/|_next/|.*\\.[a-z0-9]+$).*)"] };
