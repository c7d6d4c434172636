/**
 * How the runtime of the server is set up. Young objects of a thread have 4 MB instead of 16: what a flood leaves alive is
 * copied in pieces of two or three milliseconds instead of fifteen, for which everybody waits, and each thread needs less.
 * A message costs 5 to 20 % more at full load (docs/performance.md). bin/nightpost and the Dockerfile say the same.
 */
export const serverFlags = ["--max-semi-space-size=4"];

/**
 * What the server has in its environment unless the operator says otherwise, bytes. glibc raises both thresholds with each
 * large block that is freed, up to 32 and 64 MB; what is set stays where it is. So what a storm needed outside the heap of the
 * runtime is given back. bin/nightpost and the Dockerfile say the same.
 */
export const serverEnv = { MALLOC_MMAP_THRESHOLD_: "1048576", MALLOC_TRIM_THRESHOLD_: "1048576" };
