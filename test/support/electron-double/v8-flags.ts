import { syncBuiltinESMExports } from 'node:module';
import v8 from 'node:v8';

/** Flags of parts that Electron's V8 is built without. */
const unknown = ['experimental-wasm-revectorize'];

/** Has V8 not know these: it says so, changes nothing, and throws nothing. */
export function forgetFlags(): void {
  const set = v8.setFlagsFromString.bind(v8);
  v8.setFlagsFromString = (flags) => {
    const name = flags.replace(/^--(no-)?/, '').split('=')[0] ?? '';
    if (!unknown.includes(name)) return set(flags);
    process.stderr.write(`Error: unrecognized flag ${flags}\nTry --help for options\n`);
  };
  syncBuiltinESMExports();
}
