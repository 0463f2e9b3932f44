import { z } from 'zod';
import { settingInWords } from './domain/setting-words.ts';
import { runSettings, type RunSettingKey } from './domain/run-settings.ts';

const settingKey = z.custom<RunSettingKey>(
  (key) => typeof key === 'string' && Object.hasOwn(runSettings, key),
);

/**
 * Advice that pages and the command line word differently, as data. Each host uses its own controls (`adviceInWords` for pages, src/cli/advice.ts for
 * options and commands). Advice that reads the same everywhere is a sentence.
 */
export const adviceSchema = z.discriminatedUnion('kind', [
  /** Any one of these settings would be enough. */
  z.strictObject({
    kind: z.literal('use-setting'),
    settings: z.array(z.strictObject({ setting: settingKey, value: z.number() })).min(1),
  }),
  /** All of these settings together are needed. */
  z.strictObject({
    kind: z.literal('change-settings'),
    settings: z.array(z.strictObject({ setting: settingKey, value: z.number() })).min(1),
  }),
  /** A setting that cannot change once the run has started. */
  z.strictObject({ kind: z.literal('keep-setting'), setting: settingKey }),
  z.strictObject({ kind: z.literal('read-symbols-as'), symbols: z.enum(['characters', 'bytes']) }),
  /** A run would start from a checkpoint whose symbols differ from those of its text. */
  z.strictObject({ kind: z.literal('match-vocabulary') }),
  /** The file contains something other than text. */
  z.strictObject({ kind: z.literal('save-as-text') }),
  /** The separator between records does not occur. */
  z.strictObject({ kind: z.literal('choose-records') }),
  /** A document has several parts, of which only one can be read. */
  z.strictObject({
    kind: z.literal('choose-part'),
    part: z.enum(['column', 'field', 'speaker']),
    names: z.array(z.string()),
  }),
  /** A document needs a password; `wasWrong`: the one given was wrong. */
  z.strictObject({ kind: z.literal('give-password'), wasWrong: z.boolean() }),
  /** The text was moved. */
  z.strictObject({ kind: z.literal('locate-text') }),
  /** The text was edited. */
  z.strictObject({ kind: z.literal('restore-text') }),
  z.strictObject({ kind: z.literal('measure-all-splits') }),
  z.strictObject({ kind: z.literal('train-longer') }),
  z.strictObject({ kind: z.literal('more-patience') }),
  z.strictObject({ kind: z.literal('recover-from-explosion') }),
  z.strictObject({
    kind: z.literal('choose-folder'),
    alternative: z.enum(['none', 'permissions', 'move-file']),
  }),
  z.strictObject({ kind: z.literal('lower-rate-or-recover') }),
  /** There is no run in this folder. */
  z.strictObject({ kind: z.literal('name-runs-folder'), folder: z.string() }),
  z.strictObject({ kind: z.literal('check-checkpoints'), run: z.string() }),
  /** A process on another computer holds the run; whether it is still alive cannot be checked. */
  z.strictObject({ kind: z.literal('take-over-run'), lock: z.string() }),
  /** A run waits in the queue. */
  z.strictObject({ kind: z.literal('wait-for-turn') }),
  z.strictObject({ kind: z.literal('repair-engine') }),
  z.strictObject({ kind: z.literal('install-processor-engine') }),
  z.strictObject({ kind: z.literal('install-official-engine'), otherwise: z.string() }),
]);
export type Advice = Readonly<z.infer<typeof adviceSchema>>;

/** Alternatives to choosing another folder; they complete that sentence. */
export const folderAlternatives = {
  none: '.',
  permissions: ', or change its permissions.',
  'move-file': ', or move the file away.',
} as const satisfies Record<Extract<Advice, { kind: 'choose-folder' }>['alternative'], string>;

/** Advice for pages, one or two sentences. */
export function adviceInWords(advice: Advice): string {
  switch (advice.kind) {
    case 'use-setting':
      return `${listSettings(advice.settings)} would fit.`;
    case 'change-settings':
      return `Take ${advice.settings.map(({ setting, value }) => `${runSettings[setting].title.toLowerCase()} ${settingInWords(runSettings[setting], value)}`).join(', ')}.`;
    case 'keep-setting':
      return `Leave “${runSettings[advice.setting].title}” unchanged, or start a new run from this run’s best checkpoint.`;
    case 'read-symbols-as':
      return `Read the text as ${advice.symbols} too.`;
    case 'match-vocabulary':
      return 'Under “Start from”, keep the checkpoint’s symbols, add the text’s symbols, or start with random weights.';
    case 'choose-records':
      return 'Set “Records” to the separator that the text uses, or to off.';
    case 'save-as-text':
    case 'choose-part':
    case 'give-password':
      return documentAdviceInWords(advice);
    case 'locate-text':
      return 'Choose the file in its new location.';
    case 'restore-text':
      return 'Restore the earlier text, or start a new run on the changed text from the best checkpoint.';
    case 'measure-all-splits':
      return 'Measure the whole text instead of one split.';
    case 'train-longer':
      return 'Raise the total of epochs to train longer.';
    case 'more-patience':
      return 'Raise “Stop early after”, or set it to 0, to continue.';
    case 'recover-from-explosion':
      return 'Choose “Recover” to continue at a lower learning rate.';
    case 'choose-folder':
      return `Choose another folder${folderAlternatives[advice.alternative]}`;
    case 'lower-rate-or-recover':
      return 'Start again with a lower learning rate, or resume with “Recover”.';
    case 'name-runs-folder':
      return `There are no runs in ${advice.folder} yet.`;
    case 'check-checkpoints':
      return 'The Checkpoints page lists what is wrong with each.';
    case 'take-over-run':
      return `If that process no longer runs, remove ${advice.lock}.`;
    case 'wait-for-turn':
      return 'It starts when no other run is training.';
    case 'repair-engine':
    case 'install-processor-engine':
    case 'install-official-engine':
      return engineAdviceInWords(advice);
    default:
      return advice satisfies never;
  }
}

export type DocumentAdvice = Extract<
  Advice,
  { readonly kind: 'save-as-text' | 'choose-part' | 'give-password' }
>;

function documentAdviceInWords(advice: DocumentAdvice): string {
  switch (advice.kind) {
    case 'save-as-text':
      return 'Save it as plain text first, or use its bytes as symbols. If it is text, choose its encoding.';
    case 'choose-part':
      return `Choose one: ${advice.names.map((name) => `“${name}”`).join(', ')}.`;
    case 'give-password':
      return advice.wasWrong
        ? 'The password is wrong: try another.'
        : 'Give its password, or save it without one and import that file.';
    default:
      return advice satisfies never;
  }
}

export type EngineAdvice = Extract<Advice, { readonly kind: `${string}-engine` }>;

function engineAdviceInWords(advice: EngineAdvice): string {
  switch (advice.kind) {
    case 'repair-engine':
      return 'Test or reinstall TensorFlow on the Settings page.';
    case 'install-processor-engine':
      return 'Install TensorFlow for the processor instead.';
    case 'install-official-engine':
      return advice.otherwise;
    default:
      return advice satisfies never;
  }
}

/** Advice that is already a sentence, or is worded by a host; null if there is none. */
export function inWords(advice: Advice | string | null, word: (advice: Advice) => string): string | null {
  return typeof advice === 'object' && advice !== null ? word(advice) : advice;
}

/** A sentence followed by the advice, if there is any, as worded by a host. */
export function withAdvice(
  message: string,
  advice: Advice | undefined,
  inWords: (advice: Advice) => string,
): string {
  return advice === undefined ? message : `${message} ${inWords(advice)}`;
}

function listSettings(settings: Extract<Advice, { kind: 'use-setting' }>['settings']): string {
  const named = settings.map(({ setting, value }) => `${runSettings[setting].title.toLowerCase()} ${value}`);
  const list = named.join(' or ');
  return list.charAt(0).toUpperCase() + list.slice(1);
}
