/**
 * Names of folders and files made from a run's name. The settings table allows letters of any script, spaces, dots, dashes and underscores in a name;
 * file systems are stricter.
 */

/** Leaves room for the rest of a checkpoint's name below the 255 bytes that a file system allows. */
const maxBytes = 150;
/** Windows reserves these names for devices, regardless of what follows the first dot. */
const reserved = /^(con|prn|aux|nul|com\d|lpt\d)(\.|$)/i;

/**
 * `name` as part of a file name: composed letters, no apostrophes (a shell takes them for quotes), at most 150 bytes, nothing at its end that Windows
 * would cut off.
 */
export function fileSafe(name: string): string {
  const encoder = new TextEncoder();
  let kept = '';
  let bytes = 0;
  for (const symbol of name.normalize('NFC').replace(/['’]/g, '')) {
    bytes += encoder.encode(symbol).length;
    if (bytes > maxBytes) break;
    kept += symbol;
  }
  return kept.replace(/[. ]+$/, '');
}

/** The folder for the `count`-th run of this name: `novel`, then `novel-2`. */
export function runFolderName(name: string, count: number): string {
  const safe = fileSafe(name);
  const base = reserved.test(safe) ? `run-${safe}` : safe;
  return count === 1 ? base : `${base}-${count}`;
}

export interface CheckpointIdentity {
  readonly name: string;
  readonly iteration: number;
  readonly epoch: number;
  /** Null where it is not a number. */
  readonly validationLoss: number | null;
  readonly recoveries: number;
}

/**
 * Names for a checkpoint in order of preference. The first is char-rnn's, `lm_<name>_epoch0.95_2.0681`; two checkpoints can share it, so the next two
 * add what distinguishes them.
 */
export function checkpointFileNames(identity: CheckpointIdentity): readonly [string, string, string] {
  const { name, iteration, epoch, validationLoss, recoveries } = identity;
  const loss = validationLoss === null ? 'nan' : validationLoss.toFixed(4);
  const stem = `lm_${fileSafe(name)}_epoch${epoch.toFixed(2)}_${loss}`;
  return [
    `${stem}.safetensors`,
    `${stem}_i${iteration}.safetensors`,
    `${stem}_i${iteration}_r${recoveries}.safetensors`,
  ];
}
