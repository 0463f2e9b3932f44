/** The meaning of a typed text as a number: one value, several possible values, or none. */
export type TypedNumber =
  | { readonly kind: 'number'; readonly value: number }
  | { readonly kind: 'ambiguous'; readonly readings: readonly number[] }
  | { readonly kind: 'none' };

export interface NumberLimits {
  readonly whole: boolean;
  readonly minimum: number;
  readonly maximum: number;
}

const plain = /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i;
/** Spaces and apostrophes only ever separate groups of digits: "2 000", "2'000". */
const blankGroups = /^([+-]?\d{1,3})((?:[ \u00a0\u2009\u202f'’]\d{3})+)(?=$|[.,]\d*$)/u;
const decimalComma = /^[+-]?\d*,\d+$/;
const groupedThousands = {
  ',': /^[+-]?\d{1,3}(,\d{2,3})*,\d{3}(\.\d*)?$/,
  '.': /^[+-]?\d{1,3}(\.\d{3})+(,\d*)?$/,
} as const;

/**
 * Reads a number as written in different countries: decimal point or comma, groups of three digits. "1,5" and "2 000" can mean
 * only one thing; "1,000" is a thousand in a field for whole numbers, and one or a thousand elsewhere, unless only one of them is allowed.
 * In a field for whole numbers "1.000" is ambiguous too: one with decimals, or a thousand.
 */
export function readTypedNumber(text: string, { whole, minimum, maximum }: NumberLimits): TypedNumber {
  const typed = text.normalize('NFKC').trim().replaceAll('\u2212', '-').replace(blankGroups, withoutBlanks);
  const readings = [...new Set(possibleReadings(typed, whole))];
  const allowed = readings.filter(
    (value) => value >= minimum && value <= maximum && (!whole || Number.isInteger(value)),
  );
  const asks = whole && /^[+-]?\d{1,3}\.\d{3}$/.test(typed);
  if (asks && allowed.length > 0) return { kind: 'ambiguous', readings };
  const [value] = allowed;
  if (value === undefined) return { kind: 'none' };
  return allowed.length === 1 ? { kind: 'number', value } : { kind: 'ambiguous', readings: allowed };
}

/** Every number that a text can mean in any country. */
function possibleReadings(typed: string, whole: boolean): readonly number[] {
  const readings: number[] = [];
  if (plain.test(typed)) readings.push(Number(typed));
  // In a field for whole numbers a grouped thousand is not a decimal fraction, and "0,125" is never a group.
  const isGroup = groupedThousands[','].test(typed) && !/^[+-]?0/.test(typed);
  if (isGroup) readings.push(Number(typed.replaceAll(',', '')));
  if (decimalComma.test(typed) && !(whole && isGroup)) readings.push(Number(typed.replace(',', '.')));
  if (groupedThousands['.'].test(typed) && !/^[+-]?0/.test(typed) && !isPointFraction(typed, whole)) {
    readings.push(Number(typed.replaceAll('.', '').replace(',', '.')));
  }
  return readings;
}

/** Fields show decimals with a point, so a point before three digits is a decimal point wherever decimals are allowed. */
function isPointFraction(typed: string, whole: boolean): boolean {
  return !whole && plain.test(typed);
}

function withoutBlanks(groups: string): string {
  return groups.replaceAll(/[^\d+-]/gu, '');
}
