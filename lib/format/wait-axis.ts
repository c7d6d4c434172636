/** A wait as short as this has the least distance that can be told from none. */
const leastMs = 1_000;

/**
 * Where points in time (ms, in order) lie on an axis from 0 to 1. A wait is drawn as distance by its logarithm, so that the five
 * seconds before a second attempt are still seen beside the ten hours before the last.
 */
export function waitAxis(times: readonly number[]): number[] {
  const distances = times.map((time, index) => {
    const before = times[index - 1];
    return before === undefined ? 0 : 1 + Math.log10(1 + Math.max(0, time - before) / leastMs);
  });
  const whole = distances.reduce((sum, distance) => sum + distance, 0);
  let at = 0;
  return distances.map((distance) => {
    at += distance;
    return whole === 0 ? 0 : at / whole;
  });
}
