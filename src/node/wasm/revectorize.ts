import { cachedDataVersionTag, setFlagsFromString } from 'node:v8';

const flag = 'experimental-wasm-revectorize';
let isKnown: boolean | undefined;

/**
 * Switches on or off whether V8 pairs 128-bit operations into 256-bit ones, in modules that it compiles from now on. Only a V8 that was built for it
 * can: Node's is, Electron's may not be.
 * @returns whether it does
 */
export function setRevectorize(isWanted: boolean): boolean {
  isKnown ??= isFlagKnown();
  if (isKnown) setFlagsFromString(isWanted ? `--${flag}` : `--no-${flag}`);
  return isWanted && isKnown;
}

/**
 * V8 reports an unknown flag on stderr, which is not visible here; each known flag changes the tag of its caches. The flag may already be set, by
 * another thread or on the command line.
 */
function isFlagKnown(): boolean {
  const before = cachedDataVersionTag();
  return [`--${flag}`, `--no-${flag}`].some((change) => {
    setFlagsFromString(change);
    return cachedDataVersionTag() !== before;
  });
}
