import type { Text } from '../../shared/domain/text.ts';
import { CharloomError } from '../../shared/errors.ts';

/** The storage path of an upload means nothing to the user: an error names the text instead. */
export function withTitle(error: unknown, { source, path, title }: Text): unknown {
  if (!(error instanceof CharloomError) || source !== 'upload') return error;
  const { code, message, advice, fix, cause } = error;
  return new CharloomError(code, message.replaceAll(path, `“${title}”`), { fix: advice ?? fix, cause });
}
