import type { z } from 'zod';
import { CharloomError } from '../../shared/errors.ts';

/** The one error of this folder: `reason` completes "The checkpoint cannot be read: …". */
export function badCheckpoint(reason: string, fix?: string): CharloomError {
  return new CharloomError(
    'bad-checkpoint',
    `The checkpoint cannot be read: ${reason}.`,
    fix === undefined ? {} : { fix },
  );
}

/** The first thing a schema found wrong: "vocabulary.3 is too long". Text from the file is never repeated. */
export function firstIssue(error: z.ZodError): string {
  const [issue] = error.issues;
  if (issue === undefined) return 'its content is not valid';
  const place = issue.path.map(String).join('.').slice(0, 80);
  const message = issue.message.slice(0, 160).replace(/\.$/, '');
  return place === '' ? message : `${place}: ${message}`;
}
