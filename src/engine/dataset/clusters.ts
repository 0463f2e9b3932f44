const segmenter = new Intl.Segmenter('en', { granularity: 'grapheme' });

/** Below this no character joins the one before it, except a line feed after a carriage return. */
const firstJoining = 0x300;
const carriageReturn = 13;

/**
 * User-perceived characters, one after another: a letter with its accents and vowel signs, an emoji of several parts, CRLF. Replacing or dropping a
 * part of one would leave meaningless symbols.
 */
export function* clustersOf(text: string): Generator<string, void, void> {
  for (let at = 0; at < text.length;) {
    if (standsAlone(text, at)) {
      yield text.charAt(at++);
      continue;
    }
    const start = at;
    while (at < text.length && !standsAlone(text, at)) at++;
    for (const { segment } of segmenter.segment(text.slice(start, at))) yield segment;
  }
}

/** Whether the unit at a position is a character alone, regardless of its neighbours. */
function standsAlone(text: string, at: number): boolean {
  const code = text.charCodeAt(at);
  if (code >= firstJoining || code === carriageReturn) return false;
  if (code === 10 && at > 0 && text.charCodeAt(at - 1) === carriageReturn) return false;
  const next = text.charCodeAt(at + 1);
  return Number.isNaN(next) || next < firstJoining;
}
