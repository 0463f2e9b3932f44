import type { RequestName, RequestResult } from './contract.ts';
import { errorOf } from './failures.ts';
import { requests } from './requests.ts';
import { replySchema } from './frames.ts';

/** The result that a reply holds, checked. Throws the error that it describes. */
export function readReply<N extends RequestName>(name: N, value: unknown): RequestResult<N> {
  const reply = replySchema.parse(value);
  if (!reply.ok) throw errorOf(reply.failure);
  return requests[name].result.parse(reply.value) as RequestResult<N>;
}
