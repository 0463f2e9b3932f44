import type { Command } from 'commander';
import type { CheckpointMetadata } from '../../engine/checkpoints/content.ts';
import { copyCheckSentence, type CopyCheck } from '../../shared/domain/exchange.ts';
import { sampleSettings } from '../../shared/domain/sample-settings.ts';
import {
  defaultWritingPage,
  exactPageBytes,
  pageBytes,
  pagePrecisions,
  usualPrecision,
  writingPageSchema,
  type PagePrecision,
  type WritingPage,
} from '../../shared/domain/writing-page.ts';
import { CharloomError } from '../../shared/errors.ts';
import { formatBytes } from '../../shared/format/numbers.ts';
import type { ExportJson } from '../json-output.ts';
import { addSettings, choiceOption, givenSettings } from '../options.ts';
import { textOfRun } from '../learned-text.ts';

const { primeText, temperature, length, seed } = sampleSettings;
/** The numbers and opening words that an author decides, under their names in `sample`. */
const pageSettings = {
  openingWords: primeText,
  temperature,
  lowestTemperature: { ...temperature, flag: 'lowest-temperature', title: 'Lower end of its slider' },
  highestTemperature: { ...temperature, flag: 'highest-temperature', title: 'Upper end of its slider' },
  length,
  seed,
} as const;

/** The options typed for a page. */
export interface PageOptions {
  readonly title?: string;
  readonly by?: string;
  readonly about?: string;
  readonly licence?: string;
  readonly precision?: PagePrecision;
  readonly text?: string;
}

const group = 'A page that writes (--to page):';

/** Adds the options that an author decides for a page. */
export function addPageOptions(command: Command): Command {
  command.optionsGroup(group);
  command
    .option('--title <text>', 'its title (default: the name of the run)')
    .option('--by <text>', 'by whom')
    .option('--about <text>', 'a description; an empty line starts a paragraph')
    .option('--licence <text>', 'a note on its licence')
    .addOption(
      choiceOption(
        'precision',
        `the numbers of its weights: exact, or half the size (default: exact up to ${formatBytes(exactPageBytes)})`,
        pagePrecisions,
      ),
    )
    .option('--text <file>', 'the text that the model learned from (default: where its run read it)');
  return addSettings(command, pageSettings, { usual: { ...defaultWritingPage } });
}

/** The requested page. Throws CharloomError('bad-setting') if its parts do not fit together. */
export function pageOf(options: PageOptions, { settings }: CheckpointMetadata): WritingPage {
  const { title, by, about, licence } = options;
  const page = writingPageSchema.safeParse({
    ...defaultWritingPage,
    ...givenSettings(pageSettings, { ...options }),
    ...{ title: title ?? settings.name, author: by ?? '', about: about ?? '', licence: licence ?? '' },
  });
  if (page.success) return page.data;
  const [issue] = page.error.issues;
  throw new CharloomError(
    'bad-setting',
    `The page cannot be written: ${String(issue?.path[0] ?? 'its settings')}, ${issue?.message ?? 'not valid'}.`,
  );
}

/** Exact weights if the page stays small with them, unless another precision was requested. */
export function precisionOf({ precision }: PageOptions, { spec }: CheckpointMetadata): PagePrecision {
  return precision ?? usualPrecision(spec);
}

/** The path of the training text; null if the run does not record it. */
export async function textFor({ text }: PageOptions, checkpoint: string): Promise<string | null> {
  return text ?? (await textOfRun(checkpoint).catch(() => null));
}

/** What a check of copies found, for scripts. */
export function copiesAsJson(copies: CopyCheck): ExportJson['copies'] {
  if (copies.kind === 'unknown') return { compared: false, reason: copies.reason };
  const { samples, symbols, found, control, passages } = copies;
  return {
    compared: true,
    ...{ samples, symbols, share: found.share, longest: found.longest },
    author_share: control?.share ?? null,
    passages: [...passages],
  };
}

/** What to know before the page is given away. */
export function pageLines(copies: CopyCheck, bytes: number): readonly string[] {
  const large = `A page above ${formatBytes(pageBytes.warned)} is slow to send and to open.`;
  return [copyCheckSentence(copies), ...(bytes > pageBytes.warned ? [large] : [])];
}
