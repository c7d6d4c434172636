import type { NextConfig } from "next";

const config: NextConfig = {
  basePath: "/admin",
  output: "standalone",
  outputFileTracingRoot: import.meta.dirname,
  outputFileTracingExcludes: {
    "*": [
      "node_modules/@img/**",
      "node_modules/sharp/**",
      "node_modules/typescript/**",
      "node_modules/node/**",
      "data/**",
    ],
  },
  // The image optimiser is an attack surface that the console has no use for.
  images: { unoptimized: true },
  poweredByHeader: false,
  reactStrictMode: true,
  reactCompiler: true,
  experimental: { turbopackRustReactCompiler: true },
  devIndicators: false,
  allowedDevOrigins: ["127.0.0.1"],
  // `npm run verify` checks the types of the whole repository; the build does not do it twice.
  typescript: { ignoreBuildErrors: true },
};

export default config;
