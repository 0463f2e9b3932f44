import type { ChoiceSetting, SettingDefinition } from './setting-definition.ts';

/** The titles of a table's rows by key: the labels of a choice among them. */
export function titlesOf(
  table: Readonly<Record<string, { readonly title: string }>>,
): Readonly<Record<string, string>> {
  return Object.fromEntries(Object.entries(table).map(([key, { title }]) => [key, title]));
}

/** A choice of a setting as displayed. */
export function choiceLabel({ words }: ChoiceSetting, choice: string): string {
  return words[choice] ?? choice;
}

/** A share in percent, as displayed and typed, to a tenth: 0.945 -> 94.5. */
export function toPercent(share: number): number {
  return Math.round(share * 1000) / 10;
}

/** A setting's value as shown in a sentence or a table: "94.5 %", "LSTM", "128". */
export function settingInWords(definition: SettingDefinition, value: string | number | boolean): string {
  if (definition.kind === 'switch') return value === true ? 'on' : 'off';
  if (definition.kind === 'choice') return choiceLabel(definition, String(value));
  if (definition.kind === 'number' && definition.isShare === true) return `${toPercent(Number(value))} %`;
  return String(value);
}
