import type { Checkpoint } from '../../engine/checkpoints/content.ts';
import { architectureOf } from '../../shared/domain/model-spec.ts';
import type { RunSettings } from '../../shared/domain/run-settings.ts';

/**
 * The settings of a run that begins with a checkpoint's parameters: model, sizes and dropout are the checkpoint's, as in char-rnn's
 * `-init_from`; iteration, learning rate and optimiser begin anew.
 */
export function warmStartSettings(settings: RunSettings, { metadata }: Checkpoint): RunSettings {
  return { ...settings, ...architectureOf(metadata.spec) };
}
