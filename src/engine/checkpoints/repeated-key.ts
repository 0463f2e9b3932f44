/**
 * The first key that occurs twice on the top level of a JSON object, else undefined. `JSON.parse` silently keeps the last of two equal keys, and
 * other readers of the same file keep the first: such a file would mean different things to different readers.
 * @param json valid JSON, an object
 */
export function repeatedKey(json: string): string | undefined {
  const seen = new Set<string>();
  let depth = 0;
  for (let position = 0; position < json.length; position++) {
    switch (json.charCodeAt(position)) {
      case openingBrace:
      case openingBracket:
        depth++;
        break;
      case closingBrace:
      case closingBracket:
        depth--;
        break;
      case quote: {
        const end = textEnd(json, position);
        if (depth === 1 && isKey(json, end)) {
          const key = JSON.parse(json.slice(position, end)) as string;
          if (seen.has(key)) return key;
          seen.add(key);
        }
        position = end - 1;
        break;
      }
    }
  }
  return undefined;
}

// Codes and not characters: headers are long, and there may be thousands of them.
const [openingBrace, closingBrace, openingBracket, closingBracket] = [0x7b, 0x7d, 0x5b, 0x5d] as const;
const [quote, backslash] = [0x22, 0x5c] as const;

/** One past the closing quote of the text that opens at `start`. */
function textEnd(json: string, start: number): number {
  let position = start + 1;
  for (;;) {
    const end = json.indexOf('"', position);
    let escapes = 0;
    while (json.charCodeAt(end - 1 - escapes) === backslash) escapes++;
    if (escapes % 2 === 0) return end + 1;
    position = end + 1;
  }
}

function isKey(json: string, after: number): boolean {
  let position = after;
  while (/\s/.test(json.charAt(position))) position++;
  return json.charAt(position) === ':';
}
