/** A word as it can be typed in a shell: as it is when nothing in it is special, else in quotes. */
export function shellQuote(word: string, platform: NodeJS.Platform = process.platform): string {
  if (
    /^[\p{L}\p{N}@%+=:,./_-]+$/u.test(word) ||
    (platform === 'win32' && /^[\p{L}\p{N}\\:./_-]+$/u.test(word))
  ) {
    return word;
  }
  return platform === 'win32' ? `"${word.replaceAll('"', '')}"` : `'${word.replaceAll("'", `'\\''`)}'`;
}
