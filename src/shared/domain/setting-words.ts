import { cells } from './cells.ts';
import { optimizers } from './optimizers.ts';
import type { SettingDefinition } from './setting-definition.ts';

const titled = Object.entries({ ...cells, ...optimizers }).map(([choice, { title }]) => [choice, title]);

const choiceLabels: Readonly<Record<string, string>> = {
  ...Object.fromEntries(titled),
  characters: 'Characters',
  bytes: 'Bytes, as char-rnn',
  keep: 'As they are',
  lf: 'All the same (LF)',
  stop: 'Stop and keep everything',
  recover: 'Go back and halve the learning rate',
};

/** A choice as people read it. */
export function choiceLabel(choice: string): string {
  return choiceLabels[choice] ?? choice;
}

/** A share as the number of percent that people read and type, to a tenth: 0.945 -> 94.5. */
export function toPercent(share: number): number {
  return Math.round(share * 1000) / 10;
}

/** A setting's value as people read it in a sentence or a table: "94.5 %", "LSTM", "128". */
export function settingInWords(definition: SettingDefinition, value: string | number | boolean): string {
  if (definition.kind === 'choice') return choiceLabel(String(value));
  if (definition.kind === 'number' && definition.isShare === true) return `${toPercent(Number(value))} %`;
  return String(value);
}
