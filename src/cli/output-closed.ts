/**
 * What happens when whoever reads our output is gone: a pipe was closed (`charloom sample ... | head`), a terminal was. There is nobody to tell, so
 * a command simply ends; one that would lose work says here what to do instead.
 */
let onGone: () => void = () => process.exit();

/** Replaces what happens when the reader is gone. Called once or more after that, and must be quick. */
export function onOutputClosed(react: () => void): void {
  onGone = react;
}

/** Starts to watch both output streams. */
export function watchOutputs(): void {
  for (const stream of [process.stdout, process.stderr]) stream.on('error', () => onGone());
}
