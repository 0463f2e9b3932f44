import type { Verdict } from '../../../shared/domain/run.ts';

type Kind = Verdict['kind'];

/** A verdict in a few words. */
export const verdictWords: Readonly<Record<Kind, string>> = {
  'too-early': 'too early to tell',
  learning: 'learning',
  plateau: 'at a plateau',
  overfitting: 'overfitting',
  exploding: 'exploding',
  done: 'finished while still improving',
  stopped: 'not finished, and still improving',
  complete: 'complete',
  'ended-early': 'ended early',
};

/** The rule behind a verdict, for people. */
export function whyOf(kind: Kind): string {
  switch (kind) {
    case 'too-early':
      return 'A run is judged by its validation loss, which needs at least two measurements. “Evaluate every” sets how often it is measured.';
    case 'learning':
      return 'The validation loss, measured on held-out text, still reaches new lows. While it does, more training improves the model.';
    case 'plateau':
      return 'The last measurements did not lower the validation loss. If training and validation loss are close, the model is too small: use more units or layers. If the training loss is much lower, use more dropout or a longer text.';
    case 'overfitting':
      return 'The training loss still falls while the validation loss rises: the model memorises this text instead of learning how such texts are written. Use the checkpoint with the lowest validation loss. Next time, use more dropout, a smaller model or more text. “Stop early after” ends such a run automatically.';
    case 'exploding':
      return 'The loss rose far above its earlier values. One update was so large that the model could not recover; the usual cause is a learning rate that is too high.';
    case 'done':
      return 'All iterations are completed, and the last measurements were near the lowest. More epochs would probably improve the model slightly.';
    case 'stopped':
      return 'The run did not reach its end, and the last measurements were near the lowest. Resume it to continue where it stopped.';
    case 'complete':
      return 'All iterations are completed, and the learning rate has reached zero, so nothing changes any longer. To improve the model, start a longer run, or train this one longer: its learning rate then rises again.';
    case 'ended-early':
      return 'The validation loss, measured on text that training never sees, had not reached a new low for as many measurements as “Stop early after” allows. The best checkpoint is saved; more training would only have memorised this text.';
  }
}
