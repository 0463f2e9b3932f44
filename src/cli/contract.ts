/**
 * What `--json` prints. Scripts rely on it: fields may be added, never renamed or removed. The commands take the types,
 * the tests hold the real program's output to the schemas. A number that JSON cannot write (not a number, infinity) is null.
 */
export type { Replacement, VerdictResult } from './contract/common.ts';
export * from './contract/inspect.ts';
export * from './contract/library.ts';
export * from './contract/machine.ts';
export * from './contract/serve.ts';
export * from './contract/train.ts';
export * from './contract/writing.ts';
