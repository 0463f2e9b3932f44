import { CharloomError } from '../errors.ts';
import type { RequestHandlers, RequestName, RequestResult } from './contract.ts';
import { errorOf, failureOf } from './failures.ts';
import { requests } from './requests.ts';
import { replySchema, type Reply } from './frames.ts';

/**
 * Answers one request for any transport: unknown names and bad parameters are refused before a handler sees them, and anything a handler throws
 * becomes data. Never rejects.
 * @param onDefect called with unexpected errors
 */
export async function answer(
  handlers: RequestHandlers,
  name: string,
  params: unknown,
  onDefect: (error: unknown) => void = () => undefined,
): Promise<Reply> {
  try {
    if (!isRequestName(name)) throw new CharloomError('usage', `There is no request "${name.slice(0, 64)}".`);
    const parsed = requests[name].params.safeParse(params);
    if (!parsed.success) {
      throw new CharloomError(
        'usage',
        `The request ${name} is not valid: ${parsed.error.issues[0]?.message ?? ''}.`,
      );
    }
    const handler = handlers[name] as (params: unknown) => unknown;
    return { ok: true, value: requests[name].result.parse(await handler(parsed.data)) };
  } catch (error) {
    if (!(error instanceof CharloomError)) onDefect(error);
    return { ok: false, failure: failureOf(error) };
  }
}

/** Whether the contract has a request of this name. */
export function isRequestName(name: string): name is RequestName {
  return Object.hasOwn(requests, name);
}

/** The checked result in a reply. Throws the error that the reply describes. */
export function readReply<N extends RequestName>(name: N, value: unknown): RequestResult<N> {
  const reply = replySchema.parse(value);
  if (!reply.ok) throw errorOf(reply.failure);
  return requests[name].result.parse(reply.value) as RequestResult<N>;
}
