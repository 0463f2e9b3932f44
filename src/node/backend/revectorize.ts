import { cachedDataVersionTag, setFlagsFromString } from 'node:v8';

const flag = 'experimental-wasm-revectorize';
let isKnown: boolean | undefined;

/**
 * Has V8 pair 128-bit operations into 256-bit ones, or not, in modules that it compiles from now on. Only a V8 that was built for it can:
 * Node's is, Electron's need not be.
 * @returns whether it does
 */
export function setRevectorize(isWanted: boolean): boolean {
  isKnown ??= isFlagKnown();
  if (isKnown) setFlagsFromString(isWanted ? `--${flag}` : `--no-${flag}`);
  return isWanted && isKnown;
}

/**
 * V8 complains of a flag that it does not know on stderr, which nobody here can read; but each one that it knows changes the tag of its
 * caches. It may be set already, by another thread or on the command line.
 */
function isFlagKnown(): boolean {
  const before = cachedDataVersionTag();
  return [`--${flag}`, `--no-${flag}`].some((change) => {
    setFlagsFromString(change);
    return cachedDataVersionTag() !== before;
  });
}
