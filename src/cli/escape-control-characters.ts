/**
 * Text from files, models and names, safe for a terminal: no character in it can move the cursor, change colours, ring the bell, change the window title
 * or reverse the direction of what follows. Line ends and tabs stay; a carriage return is removed if a line feed
 * follows, and is otherwise a line end, like those of other systems; other control characters become their pictures (ESC is ␛).
 */
export function escapeControlCharacters(text: string): string {
  return text.replace(/\r\n|[\r\u0085\u2028\u2029]/g, '\n').replace(hidden, (character) => {
    const code = character.codePointAt(0) ?? 0;
    if (code < 0x20) return String.fromCodePoint(0x2400 + code);
    return code === 0x7f ? '\u2421' : '\ufffd';
  });
}

/** C0 except tab and line feed, DEL and C1, and the marks that embed, override or isolate a writing direction. */
// eslint-disable-next-line no-control-regex -- control characters are what this is about
const hidden = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069]/g;
