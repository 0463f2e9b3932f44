import { expect, test } from 'vitest';
import type { RunEvent } from '../../../../src/shared/domain/run-event.ts';
import { sentenceOf } from '../../../../src/shared/format/run-event-sentence.ts';

const moment = { iteration: 1234, epoch: 2.5 };
const checkpoint = {
  kind: 'checkpoint',
  ...moment,
  file: 'lm_a.safetensors',
  validationLoss: 1.5,
  best: true,
  reason: 'scheduled',
} as const;
const session = { isResumed: true, text: '/books/a.txt', iterations: 5000, device: 'CPU' };

const sentences: readonly (readonly [RunEvent, string])[] = [
  [
    { kind: 'evaluation', ...moment, validationLoss: 1.5 },
    'epoch 2.50, iteration 1,234: validation loss 1.5000',
  ],
  [
    { kind: 'evaluation', ...moment, validationLoss: 1.5, trainedLoss: 1.75, averagedLoss: 1.5 },
    'epoch 2.50, iteration 1,234: validation loss 1.5000 (averaged weights; trained 1.7500)',
  ],
  [
    { kind: 'evaluation', ...moment, validationLoss: 1.5, trainedLoss: 1.5, averagedLoss: null },
    'epoch 2.50, iteration 1,234: validation loss 1.5000 (trained weights; averaged not a number)',
  ],
  [checkpoint, 'iteration 1,234 (epoch 2.50): validation loss 1.5000, kept lm_a.safetensors'],
  [
    { kind: 'explosion', iteration: 1234, loss: null, action: 'stop' },
    'the loss is no longer a number at iteration 1,234: stopping',
  ],
  [{ kind: 'rollback', iteration: 1234 }, 'returned to iteration 1,234 with half the learning rate'],
  [
    { kind: 'state', state: 'running', iteration: 1234, session },
    'resumed after iteration 1,234 of 5,000 on CPU',
  ],
  [
    { kind: 'state', state: 'paused', iteration: 1234, reason: 'The disk is full: the run waits.' },
    'paused: The disk is full: the run waits.',
  ],
  [
    { kind: 'state', state: 'failed', iteration: 1234, reason: 'The disk is full.' },
    'failed at iteration 1,234: The disk is full.',
  ],
  [{ kind: 'log', line: 'what somebody wrote' }, 'what somebody wrote'],
];

test.each(sentences)('%o in words', (event, words) => expect(sentenceOf(event)).toBe(words));

test('a sentence about an event includes additional facts', () => {
  const evaluation = { kind: 'evaluation', ...moment, validationLoss: null } as const;
  expect(sentenceOf(evaluation, { trainingLoss: 1.25 })).toBe(
    'epoch 2.50, iteration 1,234: loss 1.2500, validation loss not a number',
  );
  expect(sentenceOf(checkpoint, { pathOf: (file) => `/runs/a/${file}` })).toContain(
    'kept /runs/a/lm_a.safetensors',
  );
});
