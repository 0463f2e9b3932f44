import type { Checkpoint } from '../../engine/checkpoints/content.ts';
import { architectureOf } from '../../shared/domain/model-spec.ts';
import type { RunSettings } from '../../shared/domain/run-settings.ts';

/**
 * The settings of a run that starts from a checkpoint's weights: model, sizes and dropout are the checkpoint's, as in char-rnn's `-init_from`;
 * iteration, learning rate and optimiser start from zero.
 */
export function warmStartSettings(settings: RunSettings, { metadata }: Checkpoint): RunSettings {
  return { ...settings, ...architectureOf(metadata.spec) };
}
