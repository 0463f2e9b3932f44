import { afterAll, beforeAll, expect, test } from 'vitest';
import { describeInChromium } from '../support/chromium.ts';
import { places } from '../support/pages.ts';
import { session } from '../support/sessions.ts';
import { windowWithRuns } from '../support/window-with-runs.ts';
import { join } from 'node:path';

/** What moves, or would when something changes: names of elements with their style. */
const moving = `[
  ...document.getAnimations().map((animation) => 'animation of ' + animation.effect?.target?.outerHTML),
  ...[...document.querySelectorAll('*')].flatMap((element) => {
    const style = getComputedStyle(element);
    const moves = [
      style.animationName !== 'none' && style.animationName,
      style.transitionDuration.split(', ').some((time) => time !== '0s') && style.transitionProperty,
      style.scrollBehavior === 'smooth' && 'smooth scrolling',
    ].filter(Boolean);
    return moves.map((move) => element.tagName + ': ' + move);
  }),
  ...[...document.querySelectorAll('animate, animateTransform, animateMotion, marquee')].map(({ tagName }) => tagName),
]`;

describeInChromium('where the system asks for less motion', () => {
  const window = windowWithRuns(async (home) => {
    const settings = { name: 'Other', rnnSize: 24, numLayers: 1, evaluateEvery: 20, maxIterations: 60 };
    await session({ text: join(home, 'samples', 'alice.txt'), settings, runs: join(home, 'runs') });
  });
  const page = () => window.opened.page;
  beforeAll(() => page().emulateMedia({ reducedMotion: 'reduce' }));
  afterAll(() => page().emulateMedia({ reducedMotion: null }));

  test('nothing on any page moves', async () => {
    for (const [name, place, shown] of places) {
      await window.opened.go(place);
      await page().getByText(shown, { exact: true }).first().waitFor({ state: 'attached' });
      expect(await page().evaluate<readonly string[]>(moving), name).toEqual([]);
    }
  });

  test('what would move is noticed', async () => {
    await page().emulateMedia({ reducedMotion: null });
    const spinning = `(() => {
      const element = document.querySelector('main h1');
      element.animate([{ opacity: 0 }, { opacity: 1 }], 60_000);
      element.style.transition = 'color 1s';
    })()`;
    await page().evaluate(spinning);
    expect(await page().evaluate<readonly string[]>(moving)).toHaveLength(2);
    await page().emulateMedia({ reducedMotion: 'reduce' });
    // The style sheet's rule stops transitions. What a script animates it cannot stop, so no script may.
    expect(await page().evaluate<readonly string[]>(moving)).toHaveLength(1);
  });

  test('a run that trains, and its page when it stops, stand still', async () => {
    const { served } = window.opened;
    const [run] = await served.request('runs.list', null);
    const { text, run: first } = await served.request('runs.get', { run: run?.id ?? '' });
    if (first.settings === null || text === null) throw new Error('the run has no settings or no text');
    const settings = { ...first.settings, name: 'Still', maxEpochs: 1000 };
    const request = { text, encoding: null, backend: 'wasm', threads: 1, initializeFrom: null } as const;
    await served.request('runs.start', { requests: [{ ...request, settings }] });
    await window.opened.go('#/runs/Still');
    await page().locator('main').getByText('training', { exact: true }).first().waitFor();
    await page().getByRole('img', { name: /loss/i }).first().waitFor();
    expect(await page().evaluate<readonly string[]>(moving)).toEqual([]);
    await page().getByRole('button', { name: 'Stop and save' }).click();
    await page().locator('main').getByText('stopped', { exact: true }).first().waitFor();
    expect(await page().evaluate<readonly string[]>(moving)).toEqual([]);
  });

  test('Look inside plays only when it is started, and word by word', async () => {
    await window.opened.go('#/inside/Alice');
    const reader = page().getByRole('textbox', { name: 'The text, tinted by the unit' });
    const words = page().locator('p.words');
    const symbol = async (): Promise<number> =>
      Number(/^Symbol (\d+)/u.exec((await words.textContent()) ?? '')?.[1]);
    await reader.locator('.activation').first().waitFor({ timeout: 60_000 });
    await reader.focus();
    await page().keyboard.press('Home');
    await expect.poll(symbol).toBe(1);
    await page().keyboard.press('Space');
    await page().getByRole('button', { name: 'Pause' }).waitFor();
    const stops: number[] = [];
    const look = async (): Promise<number> => {
      const place = await symbol();
      if (place !== 1 && place !== stops.at(-1)) stops.push(place);
      return stops.length;
    };
    await expect.poll(look).toBeGreaterThan(4);
    expect(await page().evaluate<readonly string[]>(moving)).toEqual([]);
    await page().keyboard.press('Space');
    await page().getByRole('button', { name: 'Play' }).waitFor();
    const text = (await reader.locator('.symbols').allTextContents()).join('');
    const isLetter = (place: number): boolean => /[\p{L}\p{N}]/u.test(text.charAt(place - 1));
    expect(stops.filter((place) => !isLetter(place) || isLetter(place - 1))).toEqual([]);
  });
});
