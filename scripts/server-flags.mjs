/**
 * How the runtime of the server is set up. Young objects of a thread have 4 MB instead of 16: what a flood leaves alive is
 * copied in pieces of two or three milliseconds instead of fifteen, for which everybody waits, and each thread needs less.
 * A message costs 5 to 20 % more at full load (docs/performance.md). bin/nightpost and the Dockerfile say the same.
 */
export const serverFlags = ["--max-semi-space-size=4"];
