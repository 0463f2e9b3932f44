import { runSettings, type RunSettingKey } from '../../shared/domain/run-settings.ts';
import type { SettingDefinition } from '../../shared/domain/setting-definition.ts';
import type { SweepAxis, SweepValue } from '../../shared/domain/sweep-space.ts';
import { CharloomError } from '../../shared/errors.ts';
import { parseNumber, parseSetting } from '../options.ts';
import { nearest } from '../suggest.ts';

const flags = new Map<string, RunSettingKey>(
  Object.entries(runSettings)
    .filter(([, definition]) => !('ofText' in definition && definition.ofText === true))
    .map(([key, definition]) => [definition.flag, key as RunSettingKey]),
);

/**
 * What `--vary` takes: `rnn-size=64,128,256`, `learning-rate=0.0005..0.01:log`, or with a count of values for a grid, `dropout=0..0.5:6`.
 * @throws CharloomError('usage')
 */
export function parseAxis(text: string): SweepAxis {
  const [, flag = '', values = ''] = /^(?:--)?([^=]+)=(.+)$/s.exec(text) ?? [];
  const key = flags.get(flag);
  if (key === undefined) throw noSuchSetting(text, flag);
  const range = /^([^.].*?)\.\.([^:]+)((?::[^:]+)*)$/.exec(values);
  return range === null ? valuesAxis(key, values) : rangeAxis(key, text, range);
}

function valuesAxis(key: RunSettingKey, values: string): SweepAxis {
  const definition = runSettings[key];
  return { kind: 'values', key, values: values.split(',').map((part) => valueOf(definition, part.trim())) };
}

function valueOf(definition: SettingDefinition, part: string): SweepValue {
  if (definition.kind !== 'switch') return parseSetting(definition, part);
  if (part === 'on' || part === 'off') return part === 'on';
  throw new CharloomError('usage', `${definition.flag} is on or off, not “${part}”.`);
}

function rangeAxis(
  key: RunSettingKey,
  text: string,
  [, from = '', to = '', rest = '']: RegExpExecArray,
): SweepAxis {
  const [minimum, maximum] = [parseNumber(from.trim()), parseNumber(to.trim())];
  let scale: 'linear' | 'log' = 'linear';
  let count: number | null = null;
  for (const word of rest.split(':').slice(1)) {
    if (word === 'log' || word === 'linear') scale = word;
    else if (/^\d{1,4}$/.test(word) && Number(word) >= 2) count = Number(word);
    else throw notUnderstood(text);
  }
  if (Number.isNaN(minimum) || Number.isNaN(maximum)) throw notUnderstood(text);
  return { kind: 'range', key, minimum, maximum, scale, count };
}

function notUnderstood(text: string): CharloomError {
  return new CharloomError('usage', `--vary does not understand “${text}”.`, {
    fix: 'Write it like rnn-size=64,128,256, learning-rate=0.0005..0.01:log, or for a grid dropout=0..0.5:6.',
  });
}

function noSuchSetting(text: string, flag: string): CharloomError {
  if (flag === '') return notUnderstood(text);
  const near = nearest(flag, [...flags.keys()]);
  return new CharloomError('usage', `--vary knows no setting “${flag}”.`, {
    fix:
      near === undefined
        ? 'Settings have the names of the options of "charloom train", which "charloom settings" lists; the name of a run and the settings of its text cannot be varied.'
        : `Did you mean ${near}?`,
  });
}
