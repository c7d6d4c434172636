/** 1 s doubling to 30 s, less up to a fifth, so that many tabs do not come back in the same instant. */
export function reconnectDelayMs(failures: number, random: () => number = fraction): number {
  return Math.round(Math.min(30_000, 1000 * 2 ** Math.min(failures, 5)) * (1 - 0.2 * random()));
}

const fraction = (): number => (crypto.getRandomValues(new Uint32Array(1))[0] ?? 0) / 2 ** 32;
