import NextAuth from "next-auth";
import type { NextRequest } from "next/server";
import { authOptions } from "@/lib/auth/options.ts";

// Only paths are read from next-auth's answers, so its own origin is fixed and never taken from a request header.
process.env["NEXTAUTH_URL"] ??= "http://localhost/admin/api/auth";

interface Context {
  params: Promise<{ nextauth: string[] }>;
}

function handle(request: NextRequest, context: Context): Promise<Response> {
  return NextAuth(request, context, authOptions(request)) as Promise<Response>;
}

export { handle as GET, handle as POST };
