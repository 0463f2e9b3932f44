import { basename, dirname, join } from 'node:path';
import type { InputFile } from '../../node/documents/list-inputs.ts';
import { readSourceRecord, type SourceRecord } from '../../node/documents/source-record.ts';
import { cleaningStepNames } from '../../shared/domain/cleaning.ts';
import { defaultReadChoices } from '../../shared/domain/documents.ts';
import type { MadeInput, MadeText } from '../../shared/domain/made-text.ts';
import type { StepFinding } from '../../shared/domain/step-finding.ts';
import type { Text } from '../../shared/domain/text.ts';

/** Maximum changes of a step that are shown, over all files together. */
const mostShown = 5;
/** Names the text itself, as the only file that a plain text was made of. */
const itself = 'text';

/** What a text was made from. */
export async function madeTextOf(text: Text): Promise<MadeText> {
  const record = await recordOf(text);
  if (record === undefined) {
    return { isMade: false, inputs: [plainInput(text)], leftOut: [], separator: '', found: [] };
  }
  return {
    isMade: true,
    inputs: record.inputs.flatMap((input) => {
      const { name, kind, characters, problems, members, choices, choice = null, cleaning, original } = input;
      const key = original !== null && isOriginal(original) ? original : null;
      if (key === null) return [];
      return [{ key, name, kind, characters, problems, members, choices, choice, cleaning }];
    }),
    leftOut: record.leftOut.map(({ name, reason, original }) => ({
      name,
      reason,
      key: original !== undefined && isOriginal(original) ? original : null,
    })),
    separator: record.separator,
    found: joined(record.inputs.flatMap(({ found = [] }) => found)),
  };
}

/** The files stored with a text, by the keys that pages use for them. */
export async function keptFilesOf(text: Text): Promise<ReadonlyMap<string, InputFile>> {
  const { isMade, inputs, leftOut } = await madeTextOf(text);
  const files = new Map<string, InputFile>();
  for (const { key, name } of [...inputs, ...leftOut]) {
    if (key !== null) files.set(key, { path: isMade ? join(dirname(text.path), key) : text.path, name });
  }
  return files;
}

/** Only Charloom's own files count: a file of that name next to a user's text may contain anything. */
async function recordOf({ source, path }: Text): Promise<SourceRecord | undefined> {
  if (source !== 'upload') return undefined;
  const record = await readSourceRecord(dirname(path));
  return record?.result.file === basename(path) ? record : undefined;
}

function isOriginal(name: string): boolean {
  return /^originals\/[^/\\]+$/.test(name) && !name.endsWith('/..');
}

function plainInput({ title }: Text): MadeInput {
  return {
    ...{ key: itself, name: title, kind: 'text', characters: 0, problems: [], members: [] },
    ...{ choices: defaultReadChoices, choice: null, cleaning: [] },
  };
}

/** The findings of each step in several files, combined. */
function joined(found: readonly StepFinding[]): readonly StepFinding[] {
  return cleaningStepNames.flatMap((step) => {
    const ofStep = found.filter((finding) => finding.step === step && finding.count > 0);
    if (ofStep.length === 0) return [];
    const count = ofStep.reduce((sum, finding) => sum + finding.count, 0);
    return [{ step, count, examples: ofStep.flatMap(({ examples }) => examples).slice(0, mostShown) }];
  });
}
