import { CharloomError, type CharloomErrorCode } from '../errors.ts';
import type { Failure } from '../domain/common.ts';

const codes = new Set<string>([
  'usage',
  'bad-setting',
  'bad-text',
  'data-too-small',
  'text-changed',
  'bad-checkpoint',
  'incompatible',
  'bad-run',
  'run-busy',
  'not-found',
  'storage',
  'cluster',
  'backend-unavailable',
  'exploded',
  'cancelled',
  'check-failed',
] satisfies CharloomErrorCode[]);

/** An error as data. Anything but a CharloomError is an internal error; its message helps to report it. */
export function failureOf(error: unknown): Failure {
  if (error instanceof CharloomError) {
    const { code, message, fix = null, advice } = error;
    return { code, message, fix, ...(advice === undefined ? {} : { advice }) };
  }
  const message = error instanceof Error ? error.message : String(error);
  return {
    code: 'defect',
    message: `Internal error in Charloom: ${message.slice(0, 2000)}`,
    fix: null,
  };
}

/** A defect on the other side, rebuilt here. */
export class RemoteDefect extends Error {}

/** The error that data describes. */
export function errorOf({ code, message, fix, advice }: Failure): Error {
  if (!isErrorCode(code)) return new RemoteDefect(message);
  return new CharloomError(code, message, { fix: advice ?? fix ?? undefined });
}

function isErrorCode(code: string): code is CharloomErrorCode {
  return codes.has(code);
}
