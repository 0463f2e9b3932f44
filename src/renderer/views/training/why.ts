import type { Verdict } from '../../../shared/domain/run.ts';

type Kind = Verdict['kind'];

/** A verdict in a few words. */
export const verdictWords: Readonly<Record<Kind, string>> = {
  'too-early': 'too early to say',
  learning: 'learning',
  plateau: 'at a plateau',
  overfitting: 'overfitting',
  exploding: 'exploding',
  done: 'done, and it was still learning',
  complete: 'complete',
  'ended-early': 'ended early',
};

/** The rule behind a verdict, for people. */
export function whyOf(kind: Kind): string {
  switch (kind) {
    case 'too-early':
      return 'A run is judged by its validation loss, and one needs at least two measurements to see where it goes. How often it is measured is the setting “Evaluate every”.';
    case 'learning':
      return 'The validation loss, measured on text that training never sees, still reaches new lows. As long as it does, more training makes the model better.';
    case 'plateau':
      return 'The last measurements brought the validation loss no lower. When training and validation loss are nearly alike, the model is too small to hold more of the text: more units or layers help. When the training loss is much lower, more dropout or a longer text helps.';
    case 'overfitting':
      return 'The training loss falls on while the validation loss rises: the model learns this text by heart instead of how such texts are written. Use the checkpoint with the lowest validation loss. Next time use more dropout, a smaller model, or more text; “Stop early after” ends such a run by itself.';
    case 'exploding':
      return 'The loss rose far above what it had been. One step went so far that the next ones could not find back; usually the learning rate is too high.';
    case 'done':
      return 'All iterations are done, and the last measurements were still near their lowest. More epochs would probably make the model a little better.';
    case 'complete':
      return 'All iterations are done, and the learning rate has fallen to zero with the last: at a rate of zero nothing changes any more. To get further, plan a longer run, or go on with this one under a later end, for which its rate rises again.';
    case 'ended-early':
      return 'The validation loss, measured on text that training never sees, had not reached a new low for as many measurements as “Stop early after” allows. The best checkpoint is kept; more training would only have learned this text by heart.';
  }
}
