import { describe, expect, test } from 'vitest';
import { compareWords, fixtureText, readFixture, sharedParagraphs } from '../../support/documents.ts';

describe('a PDF document', () => {
  // As measured: what is lost are hyphens at line ends that nothing else in so short a text decides about.
  test.each([
    ['lo-alice.pdf', 'alice', 26, 28, 66],
    ['tex-alice-two-columns.pdf', 'alice', 9, 8, 64],
  ])('of one column and of two: %s', async (file, right, lostAtMost, addedAtMost, paragraphs) => {
    const { kind, text, steps } = await readFixture(`texts/${file}`);
    expect(kind).toBe('pdf');
    const { lost, added } = compareWords(fixtureText(`texts/${right}.txt`), text);
    expect(lost).toBeLessThanOrEqual(lostAtMost);
    expect(added).toBeLessThanOrEqual(addedAtMost);
    expect(sharedParagraphs(fixtureText(`texts/${right}.txt`), text)[0]).toBeGreaterThanOrEqual(paragraphs);
    expect(steps.map(({ step }) => step)).toEqual(['running-heads', 'line-hyphens', 'page-lines']);
    expect(steps.every(({ count }) => count > 0)).toBe(true);
  });

  test('keeps heads, hyphens and lines on request', async () => {
    const { text, steps } = await readFixture('texts/tex-alice-two-columns.pdf', {
      withoutSteps: ['running-heads', 'line-hyphens', 'page-lines'],
    });
    expect(steps.map(({ count }) => count)).toEqual([0, 0, 0]);
    expect(text.match(/\p{Ll}-\n\p{Ll}/gu)?.length).toBeGreaterThan(20);
  });

  test('in scripts that come out wrong is read with a warning', async () => {
    const { problems } = await readFixture('texts/lo-mixed.pdf');
    expect(problems).toEqual([expect.stringContaining('Arabic and Hebrew')]);
  });

  test('that is encrypted asks for its password', async () => {
    const locked = 'hostile/enc-user.pdf';
    await expect(readFixture(locked)).rejects.toMatchObject({ message: 'enc-user.pdf is encrypted.' });
    await expect(readFixture(locked, { password: 'wrong' })).rejects.toMatchObject({
      fix: expect.stringContaining('try another') as string,
    });
    const { text } = await readFixture(locked, { password: 'secret' });
    expect(compareWords(fixtureText('texts/alice.txt'), text).lost).toBeLessThanOrEqual(26);
  });

  test.each(['kidsloop.pdf', 'manypages.pdf', 'trunc.pdf'])('that is broken is refused: %s', async (file) => {
    await expect(readFixture(`hostile/${file}`)).rejects.toMatchObject({
      code: 'bad-text',
      fix: expect.stringMatching(/import|text recognition/i) as string,
    });
  });

  test('that includes itself is read once', async () => {
    expect((await readFixture('hostile/loop.pdf')).text).toBe('Hello again\n');
  });
});
