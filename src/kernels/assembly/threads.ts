import { THREADS } from './generated/network';

/**
 * Threads synchronise only at barriers. The control block is at a fixed address; every thread runs its own instance of the module on the one shared
 * memory.
 */
const ARRIVED: usize = 64;
const PHASE: usize = 128;
/** How often a waiting thread spins before it sleeps: long enough for a barrier inside a step, short enough not to burn a core. */
const SPINS: i32 = 20000;

/** Number of threads that take part, the caller included. */
@inline
export function threadCount(): i32 {
  return load<i32>(<usize>THREADS);
}

/** Waits until the word at `address` is no longer `value`. */
export function waitWhile(address: usize, value: i32): void {
  for (let spin = 0; spin < SPINS; spin++) {
    if (atomic.load<i32>(address) !== value) return;
  }
  while (atomic.load<i32>(address) === value) atomic.wait<i32>(address, value, -1);
}

/** Returns once every thread has arrived. */
export function barrier(): void {
  const threads = threadCount();
  if (threads === 1) return;
  const phase = atomic.load<i32>(PHASE);
  if (atomic.add<i32>(ARRIVED, 1) + 1 === threads) {
    atomic.store<i32>(ARRIVED, 0);
    atomic.store<i32>(PHASE, phase + 1);
    atomic.notify(PHASE, -1);
  } else {
    waitWhile(PHASE, phase);
  }
}
