import type { Command, CommanderError } from 'commander';
import { runSettings } from '../shared/domain/run-settings.ts';
import { sampleSettings } from '../shared/domain/sample-settings.ts';
import type { SettingDefinition } from '../shared/domain/setting-definition.ts';
import { CharloomError } from '../shared/errors.ts';
import { nearest } from './suggest.ts';

/**
 * The arguments in commander's form: no arguments mean help, and "help engine install" means the help of that subcommand.
 * @throws CharloomError('usage') for help on an unknown command
 */
export function readableWords(words: readonly string[], program: Command): readonly string[] {
  const [first, ...path] = helpFirst(words.length === 0 ? ['help'] : words, program);
  if (first !== 'help' || path.length === 0) return [first ?? 'help', ...path];
  const names = path.filter((word) => !word.startsWith('-'));
  let command = program;
  for (const name of names) {
    const below: Command | undefined = command.commands.find((each) => each.name() === name);
    if (below === undefined) throw unknownCommand(name, command);
    command = below;
  }
  return [...names, '--help'];
}

/** "engine help install" as "help engine install". */
function helpFirst(words: readonly string[], program: Command): readonly string[] {
  const [group, help, ...rest] = words;
  const isGroup = program.commands.some((each) => each.name() === group && each.commands.length > 0);
  return isGroup && group !== undefined && help === 'help' ? [help, group, ...rest] : words;
}

function unknownCommand(name: string, group: Command): CharloomError {
  const near = nearest(
    name,
    group.commands.map((command) => command.name()),
  );
  const help = group.parent === null ? 'charloom help' : `charloom help ${group.name()}`;
  const fix = near === undefined ? `${help} lists the commands.` : `Did you mean ${near}?`;
  return new CharloomError('usage', `Unknown command '${name}'.`, { fix });
}

/** Commander's "error: unknown option '--foo'\n(Did you mean --for?)" in our own wording. */
export function usageError(error: CommanderError, words: readonly string[], program: Command): CharloomError {
  const misspelt = unknownBelow(words, program);
  if (misspelt !== undefined) return misspelt;
  const [first = '', ...rest] = error.message.replace(/^error: /, '').split('\n');
  const sentence = `${first.charAt(0).toUpperCase()}${first.slice(1).replace(/\.$/, '')}.`;
  const suggestion = rest.join(' ').replace(/^\((.*)\)$/, '$1');
  const typed = /^unknown option '([^'=]+)/.exec(first)?.[1];
  const known = typed === undefined ? undefined : fromCharRnn(typed);
  const fix = known ?? (isNear(typed, suggestion) ? suggestion : usageFix(error, words, program));
  return new CharloomError('usage', sentence, { fix });
}

/** An unknown subcommand: "sweep statsu". Groups take no other words. */
function unknownBelow(words: readonly string[], program: Command): CharloomError | undefined {
  const [first, second] = words;
  const group = program.commands.find((each) => each.name() === first);
  if (group === undefined || group.commands.length === 0) return undefined;
  if (second === undefined || second.startsWith('-') || second === 'help') return undefined;
  return group.commands.some((each) => each.name() === second) ? undefined : unknownCommand(second, group);
}

/** Whether commander's suggestion is really close to what was typed: it finds "--count" and "--out" similar. */
function isNear(typed: string | undefined, suggestion: string): boolean {
  if (suggestion === '' || typed === undefined) return suggestion !== '';
  const words = suggestion.match(/--?[a-z][\w-]*/g) ?? [];
  return (
    nearest(
      typed.replace(/^-+/, ''),
      words.map((word) => word.replace(/^-+/, '')),
    ) !== undefined
  );
}

function usageFix({ code }: CommanderError, words: readonly string[], program: Command): string {
  if (code === 'commander.excessArguments') return 'Put a name with spaces in quotes.';
  const named = words.find((word) => !word.startsWith('-'));
  const command = program.commands.find((each) => each.name() === named);
  if (command === undefined) return 'charloom help lists the commands.';
  if (words[0] !== named) return `Options follow the command: charloom ${command.name()} ${words[0] ?? ''}`;
  return `charloom ${command.name()} --help explains it.`;
}

/** Options of train.lua and sample.lua that are not settings here, and other tools' names for ours. */
const otherNames: Readonly<Record<string, string>> = {
  data_dir: "char-rnn's -data_dir is the text itself here: charloom train FILE.",
  checkpoint_dir: "char-rnn's -checkpoint_dir is --out here.",
  init_from: "char-rnn's -init_from is --init-from here.",
  gpuid: "char-rnn's -gpuid is --backend here.",
  opencl: "char-rnn's -opencl is --backend here.",
  sample: "char-rnn's -sample 0 is --greedy here.",
  epochs: 'That is --max-epochs here.',
  num_epochs: 'That is --max-epochs here.',
  iterations: 'That is --max-iterations here.',
  steps: 'That is --max-iterations here.',
  lr: 'That is --learning-rate here.',
  layers: 'That is --num-layers here.',
  hidden_size: 'That is --rnn-size here.',
  hidden: 'That is --rnn-size here.',
  start_text: 'That is --prime-text here.',
  prompt: 'That is --prime-text here.',
  prefix: 'That is --prime-text here.',
  start: 'That is --prime-text here.',
  num_samples: 'That is --count here.',
  num_return_sequences: 'That is --count here.',
  return_sequences: 'That is --count here.',
  nucleus: 'That is --top-p here.',
  no_repeat_ngram_size: 'That is --repetition-guard here.',
  repetition_penalty: 'That is --repetition-factor here, beside --repetition-guard.',
};

/** The name here of an option of char-rnn; undefined for anything else. */
function fromCharRnn(typed: string): string | undefined {
  const name = typed.replace(/^-+/, '').replaceAll('-', '_');
  const tables: readonly SettingDefinition[] = [
    ...Object.values<SettingDefinition>(runSettings),
    ...Object.values<SettingDefinition>(sampleSettings),
  ];
  const setting = tables.find(({ charRnn }) => charRnn === `-${name}`);
  if (setting !== undefined) return `char-rnn's -${name} is --${setting.flag} here.`;
  return Object.hasOwn(otherNames, name) ? otherNames[name] : undefined;
}
