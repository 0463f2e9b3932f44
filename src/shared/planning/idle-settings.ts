import { noRecords } from '../domain/record-separator.ts';
import type { RunSettingKey, RunSettings } from '../domain/run-settings.ts';

/** Why a setting has no effect with the other settings as they are, in one sentence; null if it has one. */
export function idleReason(key: RunSettingKey, settings: RunSettings): string | null {
  switch (key) {
    case 'learningRateDecay':
    case 'learningRateDecayAfter':
      return settings.schedule === 'epochs' ? null : 'Only the schedule by epochs uses it.';
    case 'warmup':
      return settings.schedule === 'epochs' ? 'char-rnn’s schedule by epochs has no warm-up.' : null;
    case 'decayRate':
      return settings.optimizer === 'rmsprop' ? null : 'Only RMSProp uses it.';
    case 'shuffleRecords':
      return settings.records === noRecords ? 'A text read as one stream has no records.' : null;
    case 'residual':
      return settings.numLayers === 1 ? 'It needs at least two layers.' : null;
    default:
      return null;
  }
}
