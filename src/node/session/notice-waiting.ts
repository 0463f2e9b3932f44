import { formatQuantity } from '../../shared/format/numbers.ts';
import type { ProcessIdentity } from '../files/process-identity.ts';
import type { SessionHooks } from './session-types.ts';

/** Reports that a process on another computer is watched for a sign of life before its run is taken over. */
export function noticeWaiting(hooks: SessionHooks): (holder: ProcessIdentity, longestMs: number) => void {
  return ({ pid, host }, longestMs) => {
    const minutes = formatQuantity(Math.ceil(longestMs / 60_000), 'minute');
    hooks.onNotice?.(
      `Process ${pid} on the computer “${host}” last used this run: waiting up to ${minutes} for a sign that it is still running.`,
    );
  };
}
