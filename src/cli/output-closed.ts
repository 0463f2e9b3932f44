import { isFullDisk } from '../node/files/storage-error.ts';

/**
 * What happens when the reader of our output has gone: a closed pipe (`charloom sample ... | head`) or terminal. Nothing more can be printed, so a
 * command simply exits; a command that would lose work registers another reaction here.
 */
let onGone: () => void = () => process.exit();

/** Replaces the reaction to a closed output. It may be called several times and must be quick. */
export function onOutputClosed(react: () => void): void {
  onGone = react;
}

/** Starts watching both output streams. A log on a full disk loses lines, but its reader has not gone. */
export function watchOutputs(): void {
  for (const stream of [process.stdout, process.stderr]) {
    stream.on('error', (error) => {
      if (!isFullDisk(error)) onGone();
    });
  }
}
