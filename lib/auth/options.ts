import type { AuthOptions } from "next-auth";
import CredentialsProvider from "next-auth/providers/credentials";
import { callbackCookie, csrfCookie, sessionCookie, sessionMaxAgeSeconds } from "./session-cookie.ts";
import { verifyCredentials } from "./verify.ts";

/** Made per request: whether the cookies are `Secure` depends on how this visitor reached the front. */
export function authOptions(request: Request): AuthOptions {
  const secret = process.env["NEXTAUTH_SECRET"] ?? "";
  if (Buffer.byteLength(secret) < 32) throw new Error("NEXTAUTH_SECRET is missing or shorter than 32 bytes");

  const secure = request.headers.get("x-forwarded-proto") === "https";
  const cookie = (name: string, path: string) => ({
    name,
    options: { httpOnly: true, sameSite: "lax" as const, path, secure },
  });
  return {
    secret,
    useSecureCookies: secure,
    session: { strategy: "jwt", maxAge: sessionMaxAgeSeconds },
    jwt: { maxAge: sessionMaxAgeSeconds },
    pages: { signIn: "/admin/login", error: "/admin/login" },
    cookies: {
      sessionToken: cookie(sessionCookie, "/"),
      csrfToken: cookie(csrfCookie, "/admin"),
      callbackUrl: cookie(callbackCookie, "/admin"),
    },
    providers: [
      CredentialsProvider({
        credentials: { jid: {}, password: {}, ticket: {}, code: {}, passkeyId: {}, passkey: {} },
        authorize: async (credentials) => {
          const verified = await verifyCredentials(credentials ?? {}, request.headers);
          return { id: verified.sessionId, name: verified.jid };
        },
      }),
    ],
    callbacks: {
      jwt: ({ token, user }) => (user ? { sid: user.id, jid: user.name ?? "" } : token),
      session: ({ session, token }) => ({
        expires: session.expires,
        user: { name: typeof token["jid"] === "string" ? token["jid"] : "" },
      }),
      // The browser decides where to go after login, from a path it has checked itself.
      redirect: () => "/admin",
    },
  };
}
