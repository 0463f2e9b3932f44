/**
 * The first key that occurs twice on the top level of a JSON object, else undefined. `JSON.parse` silently keeps the last of two equal keys, and
 * other readers of the same file keep the first: such a file would mean different things to different readers.
 * @param json valid JSON, an object
 */
export function repeatedKey(json: string): string | undefined {
  const seen = new Set<string>();
  let depth = 0;
  for (let position = 0; position < json.length; position++) {
    const character = json.charAt(position);
    if (character === '{' || character === '[') depth++;
    else if (character === '}' || character === ']') depth--;
    else if (character === '"') {
      const end = textEnd(json, position);
      if (depth === 1 && isKey(json, end)) {
        const key = JSON.parse(json.slice(position, end)) as string;
        if (seen.has(key)) return key;
        seen.add(key);
      }
      position = end - 1;
    }
  }
  return undefined;
}

/** One past the closing quote of the text that opens at `start`. */
function textEnd(json: string, start: number): number {
  let position = start + 1;
  for (;;) {
    const quote = json.indexOf('"', position);
    let escapes = 0;
    while (json.charAt(quote - 1 - escapes) === '\\') escapes++;
    if (escapes % 2 === 0) return quote + 1;
    position = quote + 1;
  }
}

function isKey(json: string, after: number): boolean {
  let position = after;
  while (/\s/.test(json.charAt(position))) position++;
  return json.charAt(position) === ':';
}
