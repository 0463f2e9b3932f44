import { z } from 'zod';
import { CharloomError } from './errors.ts';

/**
 * How data of an older Charloom is upgraded: `steps[0]` turns version 1 into 2, `steps[1]` 2 into 3 and so on, so the current version is
 * `steps.length + 1`. A step gets unchecked data and need not check it; the schema does so after the last step.
 */
export interface VersionChain {
  readonly steps: readonly ((old: Readonly<Record<string, unknown>>) => Readonly<Record<string, unknown>>)[];
}

export type UpgradeResult =
  | { readonly kind: 'current'; readonly value: unknown }
  | { readonly kind: 'unversioned' }
  | { readonly kind: 'newer'; readonly version: number; readonly known: number };

/** The type of an object with exactly these fields, whatever else a file contains. */
export type Fields<S extends z.core.$ZodLooseShape> = z.infer<z.ZodObject<S, z.core.$strict>>;

const versionedSchema = z.looseObject({ formatVersion: z.int().positive() });

/**
 * The error for a file of a newer Charloom, which is left unchanged: "The queue of runs cannot be read: a newer Charloom wrote queue.json …".
 */
export function newerFileError(
  { version, known }: Extract<UpgradeResult, { kind: 'newer' }>,
  title: string,
  file: string,
): CharloomError {
  return new CharloomError(
    'incompatible',
    `${title} cannot be read: a newer Charloom wrote ${file} (format ${version}; this one reads up to ${known}).`,
    { fix: 'Update Charloom.' },
  );
}

/** Upgrades `value` to the current version by its own `formatVersion`, or says why that is impossible. Checks nothing else. */
export function upgradeToCurrent(value: unknown, { steps }: VersionChain): UpgradeResult {
  const versioned = versionedSchema.safeParse(value);
  if (!versioned.success) return { kind: 'unversioned' };
  const version = versioned.data.formatVersion;
  const known = steps.length + 1;
  if (version > known) return { kind: 'newer', version, known };
  const upgraded = steps
    .slice(version - 1)
    .reduce<Readonly<Record<string, unknown>>>(
      (old, step, index) => ({ ...step(old), formatVersion: version + index + 1 }),
      versioned.data,
    );
  return { kind: 'current', value: upgraded };
}
