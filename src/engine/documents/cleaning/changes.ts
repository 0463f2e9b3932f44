/** One place where a text was changed. */
export interface CleaningExample {
  readonly before: string;
  readonly after: string;
  /** Position in the text before the step, in UTF-16 units. */
  readonly at: number;
}

/** The result of a step. Applying a step twice changes nothing more. */
export interface Cleaned {
  readonly text: string;
  /** Places that were changed. */
  readonly count: number;
  /** The first few of them. */
  readonly examples: readonly CleaningExample[];
}

/** A step: text in, text and changes out. */
export type CleanText = (text: string) => Cleaned;

const mostExamples = 5;

/** The result of a step that found nothing. */
export function unchanged(text: string): Cleaned {
  return { text, count: 0, examples: [] };
}

/**
 * Replaces the matches of a pattern and records their positions.
 * @param replacement the new text; the match itself if nothing changes
 */
export function replaceMatches(
  text: string,
  pattern: RegExp,
  replacement: (match: string, at: number) => string,
): Cleaned {
  let count = 0;
  const examples: CleaningExample[] = [];
  const replaced = text.replace(pattern, (...found: readonly unknown[]) => {
    const before = String(found[0]);
    // The offset follows the groups.
    const at = found.find((part) => typeof part === 'number') ?? 0;
    const after = replacement(before, at);
    if (after !== before) {
      count += 1;
      if (examples.length < mostExamples) examples.push({ before, after, at });
    }
    return after;
  });
  return { text: replaced, count, examples };
}

/** Repeats a step until it finds nothing more: text garbled twice is repaired twice. */
export function untilStable(text: string, step: CleanText): Cleaned {
  let result = step(text);
  // Each round shortens the text, so the loop ends.
  for (let round = result; round.count > 0;) {
    round = step(result.text);
    result = {
      text: round.text,
      count: result.count + round.count,
      examples: result.examples,
    };
  }
  return result;
}
