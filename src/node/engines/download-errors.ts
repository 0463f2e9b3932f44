import { CharloomError } from '../../shared/errors.ts';

/** The name and version of the download. */
interface Download {
  readonly project: string;
  readonly version: string;
}

/** The connection broke and could not be restored. */
export function brokenDownload({ project, version }: Download, bytes: number): CharloomError {
  return new CharloomError(
    'backend-unavailable',
    `The connection broke while ${project} ${version} was downloaded.`,
    {
      fix: `Try again: the download continues after the first ${(bytes / 1e6).toFixed(0)} MB.`,
    },
  );
}

/**
 * The downloaded bytes do not match the pinned hash.
 * @param source where they came from, within a sentence: "the mirror pip uses"
 */
export function foreignDownload(
  { project, version }: Download,
  source: string,
  cause?: Error,
): CharloomError {
  return new CharloomError(
    'backend-unavailable',
    `The download of ${project} ${version} is not the file that Charloom expects, so it was deleted.`,
    { fix: `Try again. If it happens again, ${source} has a different file.`, cause },
  );
}
