import { formatEpoch, formatLoss } from '../shared/format/numbers.ts';
import type { Comparison } from '../shared/domain/checkpoint.ts';
import { byChance, isWithinChance } from './chance.ts';
import { lowest, rivals, type ComparedRun } from './ranking.ts';

type Row = Comparison['rows'][number];

/** "“b” differs from “a” only in dropout (0.5, not 0); its best validation loss is lower: 1.39 against 1.42, …". */
export function sentenceFor(
  compared: readonly ComparedRun[],
  rows: readonly Row[],
  isIncomparable: boolean,
): string {
  const runs = compared.map(({ run }) => run);
  // A setting that an imported model's file does not contain is not a difference.
  const differing = rows.filter(
    ({ group, differs, values }) => group === 'settings' && differs && !values.includes('–'),
  );
  const better = lowest(runs.map((run) => run.best?.validationLoss ?? null));
  const [first, second] = compared;
  if (runs.length === 2 && first !== undefined && second !== undefined) {
    return `${pairSentence(first, second, differing)}${pairResult(first, second, isIncomparable)}`;
  }
  const titles = differing.map(({ title }) => title.toLowerCase());
  const what =
    titles.length === 0 ? 'These runs have the same settings' : `These runs differ in ${list(titles)}`;
  const winner = better === null ? undefined : runs[better];
  if (better === null || !winner?.best || isIncomparable) return `${what}.`;
  const near = rivals(compared, better).map(({ run }) => `“${run.name}”`);
  const chance =
    near.length === 0 ? '' : `; ${list(near)} ${near.length === 1 ? 'is' : 'are'} behind ${byChance}`;
  return `${what}. “${winner.name}” has the lowest validation loss: ${formatLoss(winner.best.validationLoss)} at epoch ${formatEpoch(winner.best.epoch)}${chance}.`;
}

function pairSentence(first: ComparedRun, second: ComparedRun, differing: readonly Row[]): string {
  const [a, b] = [`“${first.run.name}”`, `“${second.run.name}”`];
  if (differing.length === 0) return `${b} has the same settings as ${a}`;
  const parts = differing
    .slice(0, 4)
    .map(({ title, values }) => `${title.toLowerCase()} (${values[1]}, not ${values[0]})`);
  const rest = differing.length - parts.length;
  const all = rest > 0 ? [...parts, `${rest} more`] : parts;
  return `${b} differs from ${a} ${differing.length === 1 ? 'only ' : ''}in ${list(all)}`;
}

function pairResult(first: ComparedRun, second: ComparedRun, isIncomparable: boolean): string {
  const [a, b] = [first.run.best, second.run.best];
  if (a === null || b === null || isIncomparable) return '.';
  const word =
    b.validationLoss < a.validationLoss
      ? 'lower'
      : b.validationLoss > a.validationLoss
        ? 'higher'
        : 'the same';
  const isChance = word !== 'the same' && isWithinChance(first.bestParts, second.bestParts) === true;
  const losses = `its best validation loss is ${word}${isChance ? ` ${byChance}` : ''}: ${formatLoss(b.validationLoss)} against ${formatLoss(a.validationLoss)}, at epoch ${formatEpoch(b.epoch)} against ${formatEpoch(a.epoch)}`;
  return `; ${losses}${speedWord(first.charactersPerSecond, second.charactersPerSecond)}.`;
}

function speedWord(first: number | null, second: number | null): string {
  if (first === null || second === null) return '';
  const ratio = second / first;
  if (ratio > 1.1) return `, and it is ${ratio.toFixed(1)} times faster`;
  return ratio < 1 / 1.1 ? `, and it is ${(1 / ratio).toFixed(1)} times slower` : '';
}

function list(words: readonly string[]): string {
  return words.length < 2 ? (words[0] ?? '') : `${words.slice(0, -1).join(', ')} and ${words.at(-1)}`;
}
