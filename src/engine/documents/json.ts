import { CharloomError } from '../../shared/errors.ts';
import { JsonFields } from './json-fields.ts';
import { offerOf, takenWords } from './offered.ts';
import { joinParagraphs, readAs, type ReadDocument, type Reading } from './reading.ts';

/**
 * Reads one field of JSON records, one record per line: each gives a paragraph. A list of strings in a record gives its lines.
 * @throws CharloomError('bad-text') if it contains no text or has no such field
 */
export function readJson(text: string, reading: Reading): ReadDocument {
  const fields = new JsonFields(reading.name);
  let broken = 0;
  for (const line of text.split('\n')) {
    if (line.trim() === '') continue;
    const value = parse(line);
    if (value === undefined) broken += 1;
    else fields.add(value);
  }
  return textOf('jsonl', fields, reading, broken);
}

/** The same for one value with all records in it. */
export function readJsonValue(value: unknown, reading: Reading): ReadDocument {
  const fields = new JsonFields(reading.name);
  fields.add(value);
  return textOf('json', fields, reading, 0);
}

function parse(line: string): unknown {
  try {
    return JSON.parse(line) as unknown;
  } catch {
    return undefined;
  }
}

function textOf(
  kind: 'json' | 'jsonl',
  { sources }: JsonFields,
  { name, choices }: Reading,
  broken: number,
): ReadDocument {
  if (sources.length === 0) {
    throw new CharloomError('bad-text', `${name} contains no text, only numbers and names.`, {
      fix: 'Import another file, or read this one as plain text.',
    });
  }
  const offer = offerOf('field', sources, chosenField(sources, choices.field, name));
  const values = sources.find((field) => field.name === offer.taken)?.values ?? [];
  const taken = takenWords(offer);
  return readAs(kind, joinParagraphs(values.map((value) => value.trim()).filter((value) => value !== '')), {
    choice: offer,
    problems: [
      ...(taken === null ? [] : [taken]),
      ...(broken === 0
        ? []
        : [`${broken === 1 ? '1 line is' : `${broken} lines are`} not JSON and left out.`]),
    ],
  });
}

function chosenField(
  sources: readonly { readonly name: string }[],
  chosen: string | null,
  file: string,
): number | null {
  if (chosen === null) return null;
  const index = sources.findIndex(({ name }) => name === chosen.trim());
  if (index >= 0) return index;
  throw new CharloomError('bad-text', `${file} has no field “${chosen}” with text.`, {
    fix: `It has ${sources
      .slice(0, 20)
      .map(({ name }) => `“${name}”`)
      .join(', ')}.`,
  });
}
