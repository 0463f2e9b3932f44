/**
 * The first sentence of what went wrong in a graph. TensorFlow names a failed run, then how many operations failed, and only then why:
 * "Session fail to run with error: 2 root error(s) found.\n  (0) INTERNAL: Failed to call ...\n\t [[{{node ...}}]]".
 */
export function rootCause(message: string): string {
  const cause = /^\s*\(0\) (?:[A-Z_]+: )?(.+)$/m.exec(message)?.[1] ?? message;
  const sentence = cause.replace(/^Session fail to run with error: /, '').split(/\n|\.(?=\s|$)| used by /)[0];
  return (sentence ?? cause).trim().slice(0, 160);
}
