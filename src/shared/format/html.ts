const entities: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

/** A text escaped for HTML, between tags or as the value of an attribute. */
export function escapeHtml(text: string): string {
  return text.replace(/[&<>"']/g, (character) => entities[character] ?? character);
}

/** JSON for a script element: nothing in it ends the element or starts a comment, and it has none of JavaScript's line terminators. */
export function jsonInScript(value: unknown): string {
  return JSON.stringify(value).replace(
    /[<>&\u2028\u2029]/g,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}

/**
 * Whether a script or style can be put into its element unchanged: nothing in it ends the element or starts a comment, and no line end is changed.
 */
export function standsInElement(text: string): boolean {
  return !/<\/(script|style)|<!--|\r|\0/i.test(text);
}

/** The content of the script element with this id, undefined if there is none; its attributes may be in any order, as browsers save pages. */
export function dataInHtml(html: string, id: string): string | undefined {
  let from = 0;
  for (;;) {
    const start = html.indexOf('<script', from);
    if (start < 0) return undefined;
    const open = html.indexOf('>', start);
    if (open < 0) return undefined;
    from = open + 1;
    // A tag this long is not one of ours.
    if (open - start > 300 || !html.slice(start, open).includes(`id="${id}"`)) continue;
    const end = html.indexOf('</script', from);
    return end < 0 ? undefined : html.slice(from, end);
  }
}
