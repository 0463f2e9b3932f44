import { describe, expect, test } from 'vitest';
import { DoubleApp } from '../../support/electron-double/app.ts';
import { once } from 'node:events';
import { ShutdownGuard, type CloseChoice } from '../../../src/main/services/shutdown-guard.ts';
import type { AppSettings } from '../../../src/shared/domain/app.ts';

interface Situation {
  readonly isTraining?: boolean;
  readonly standing?: AppSettings['onClose'];
  readonly answer?: CloseChoice | Promise<CloseChoice>;
  readonly finish?: () => Promise<void>;
}

function situation({ isTraining = true, standing = 'ask', answer = 'stay', finish }: Situation) {
  const done: string[] = [];
  const settled = Promise.withResolvers<undefined>();
  const note =
    (what: string, ends = false) =>
    (): Promise<void> => {
      done.push(what);
      if (ends) settled.resolve(undefined);
      return Promise.resolve();
    };
  const leaving = new ShutdownGuard({
    isTraining: () => isTraining,
    standingChoice: () => standing,
    ask: async () => {
      done.push('ask');
      if (answer === 'stay') settled.resolve(undefined);
      return answer;
    },
    pause: note('pause'),
    finish: async () => {
      done.push('finish');
      await finish?.();
    },
    hide: () => void note('hide', true)(),
    quit: () => void note('quit', true)(),
    onDefect: () => done.push('defect'),
  });
  return { leaving, done, settled: settled.promise };
}

describe('closing the window', () => {
  test('closes immediately when nothing trains', () => {
    const { leaving, done } = situation({ isTraining: false });
    expect(leaving.mayClose()).toBe(true);
    expect(done).toEqual([]);
  });

  test.each([
    ['background', ['ask', 'hide']],
    ['pause', ['ask', 'pause', 'hide']],
    ['stop', ['ask', 'finish', 'quit']],
    ['stay', ['ask']],
  ] as const)('asks while a run trains; "%s" does %j', async (answer, expected) => {
    const { leaving, done, settled } = situation({ answer });
    expect(leaving.mayClose()).toBe(false);
    await settled;
    expect(done).toEqual(expected);
  });

  test.each([
    ['background', ['hide']],
    ['pause', ['pause', 'hide']],
    ['stop', ['finish', 'quit']],
  ] as const)('follows the remembered answer "%s" without asking', async (standing, expected) => {
    const { leaving, done, settled } = situation({ standing });
    expect(leaving.mayClose()).toBe(false);
    await settled;
    expect(done).toEqual(expected);
  });

  test('a second click asks no second question', async () => {
    const { leaving, done, settled } = situation({ answer: 'stop' });
    leaving.mayClose();
    expect(leaving.mayClose()).toBe(false);
    expect(leaving.mayQuit()).toBe(false);
    await settled;
    expect(done).toEqual(['ask', 'finish', 'quit']);
    expect([leaving.mayClose(), leaving.mayQuit()]).toEqual([true, true]);
  });
});

/** An application with one window, that quits when its leaving lets it. Resolves with whether its end began within the quitting. */
async function quitOf(finish: () => Promise<void>): Promise<'quit' | 'window-all-closed'> {
  const app = new DoubleApp();
  const windows: object[] = [{}];
  app.windows = () => windows.map(() => ({ close: () => (windows.pop(), app.windowClosed(), true) }));
  const leaving = new ShutdownGuard({
    isTraining: () => false,
    standingChoice: () => 'ask',
    ask: () => Promise.resolve('stay'),
    pause: () => Promise.resolve(),
    finish,
    hide: () => undefined,
    quit: () => app.quit(),
    onDefect: (error) => {
      throw error;
    },
  });
  app.on('before-quit', (event: { preventDefault(): void }) => {
    if (!leaving.mayQuit()) event.preventDefault();
  });
  // Here nothing really ends.
  app.exit = () => undefined;
  const ended = Promise.race([
    once(app, 'quit').then(() => 'quit' as const),
    once(app, 'window-all-closed').then(() => 'window-all-closed' as const),
  ]);
  app.quitFromSystem();
  return ended;
}

describe('quitting', () => {
  test.each([
    ['at once', () => Promise.resolve()],
    ['later', () => new Promise<void>((resolve) => setImmediate(resolve))],
  ])('ends the application when everything is saved %s, and not just its windows', async (_when, finish) => {
    // An application without windows that was told not to quit stays in the Dock, over a closed workbench.
    expect(await quitOf(finish)).toBe('quit');
  });

  test('signing out waits while a run trains or is saved, not longer', async () => {
    const saved = Promise.withResolvers<undefined>();
    const { leaving, done, settled } = situation({ finish: () => saved.promise });
    expect([leaving.maySessionEnd(), leaving.maySessionEnd()]).toEqual([false, false]);
    saved.resolve(undefined);
    await settled;
    expect(done).toEqual(['finish', 'quit']);
    expect(leaving.maySessionEnd()).toBe(true);
    expect(situation({ isTraining: false }).leaving.maySessionEnd()).toBe(true);
  });

  test('ends every process first, even when nothing trains', async () => {
    const { leaving, done, settled } = situation({ isTraining: false });
    expect(leaving.mayQuit()).toBe(false);
    await settled;
    expect(done).toEqual(['finish', 'quit']);
    expect(leaving.mayQuit()).toBe(true);
  });

  test('a failure while saving never keeps the application from ending', async () => {
    const finish = (): Promise<void> => Promise.reject(new Error('disk full'));
    const { leaving, done, settled } = situation({ answer: 'stop', finish });
    leaving.mayQuit();
    await settled;
    expect(done).toContain('quit');
    expect(leaving.mayQuit()).toBe(true);
  });

  test('a system that shuts down does not wait for an open question, and a late answer changes nothing', async () => {
    const answer = Promise.withResolvers<CloseChoice>();
    const saved = Promise.withResolvers<undefined>();
    const finish = (): Promise<undefined> => saved.promise;
    const { leaving, done, settled } = situation({ answer: answer.promise, finish });
    expect(leaving.mayClose()).toBe(false);
    leaving.finishNow();
    leaving.finishNow();
    answer.resolve('background');
    await answer.promise;
    expect(leaving.mayClose()).toBe(false);
    expect(leaving.mayQuit()).toBe(false);
    saved.resolve(undefined);
    await settled;
    expect(done).toEqual(['ask', 'finish', 'quit']);
    expect(leaving.mayQuit()).toBe(true);
  });

  test('a system that shuts down shows no question', async () => {
    const { leaving, done, settled } = situation({});
    leaving.finishNow();
    await settled;
    expect(done).toEqual(['finish', 'quit']);
  });
});
