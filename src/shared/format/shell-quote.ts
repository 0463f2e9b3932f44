/**
 * What reads a quoted word. A script may be read on another machine and under another encoding, where a byte of a letter can be a space, so only ASCII stays
 * bare; a command to copy is for a terminal of this computer, where names in every alphabet stay as they are.
 */
export type ShellReader = 'script' | 'posix' | 'windows';

/** Words of these characters alone mean themselves. */
const bareWord: Readonly<Record<ShellReader, RegExp>> = {
  script: /^[\w@%+=:,./-]+$/,
  posix: /^[\p{L}\p{N}_@%+=:,./-]+$/u,
  // PowerShell splits a bare word at a comma and expands one that begins with @; the older prompt expands %.
  windows: /^[\p{L}\p{N}_+=:.\\/-]+$/u,
};

/** Any text as one word of a shell: bare if nothing in it is special, otherwise quoted. File names on Windows contain no double quotes, so these are left out there. */
export function shellQuote(word: string, reader: ShellReader): string {
  if (bareWord[reader].test(word)) return word;
  return reader === 'windows' ? `"${word.replaceAll('"', '')}"` : `'${word.replaceAll("'", `'\\''`)}'`;
}

/** A command line made of any words. */
export function shellCommand(words: readonly string[], reader: ShellReader): string {
  return words.map((word) => shellQuote(word, reader)).join(' ');
}
