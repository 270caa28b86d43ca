// Waiting for something to become true, with a deadline.

import { setTimeout as pause } from 'node:timers/promises';

/** Asks again until the answer is truthy and returns it; fails after `within` ms. */
export async function until(what, ask, within = 5000) {
  const end = Date.now() + within;
  for (let last; ; await pause(20)) {
    try {
      const answer = await ask();
      if (answer) return answer;
      last = undefined;
    } catch (error) { last = error; }
    if (Date.now() > end) throw new Error(`not within ${within} ms: ${what}${last ? ` (${last.message})` : ''}`);
  }
}

/** Fails with `what` unless both are equal. */
export function equal(what, actual, expected) {
  if (actual !== expected) throw new Error(`${what}: expected ${JSON.stringify(expected)}, found ${JSON.stringify(actual)}`);
}

/** Fails with `what` unless it holds. */
export function holds(what, condition) {
  if (!condition) throw new Error(what);
}
