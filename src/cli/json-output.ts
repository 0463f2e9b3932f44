/**
 * What `--json` prints. Scripts rely on it: fields may be added, never renamed or removed. The commands use the types,
 * and tests check the real program's output against the schemas. A number that JSON cannot represent (NaN, infinity) is null.
 */
export type { Replacement, VerdictResult } from './json-output/common.ts';
export * from './json-output/exchange.ts';
export * from './json-output/inside.ts';
export * from './json-output/import.ts';
export * from './json-output/inspect.ts';
export * from './json-output/library.ts';
export * from './json-output/machine.ts';
export * from './json-output/serve.ts';
export * from './json-output/sweep.ts';
export * from './json-output/text.ts';
export * from './json-output/train.ts';
export * from './json-output/writing.ts';
