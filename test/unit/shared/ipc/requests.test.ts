import { describe, expect, test } from 'vitest';
import { CharloomError } from '../../../../src/shared/errors.ts';
import { answer, readReply } from '../../../../src/shared/ipc/answer.ts';
import type { RequestHandlers } from '../../../../src/shared/ipc/contract.ts';
import { RemoteDefect } from '../../../../src/shared/ipc/failures.ts';

/** Handlers of which a test gives only those it asks. */
function handlers(given: Partial<RequestHandlers>): RequestHandlers {
  return given as RequestHandlers;
}

/** The answer as it is after a transport, with what was reported as a defect. */
async function ask(given: Partial<RequestHandlers>, name: string, params: unknown) {
  const defects: unknown[] = [];
  const reply = await answer(handlers(given), name, params, (error) => defects.push(error));
  return { reply: JSON.parse(JSON.stringify(reply)) as unknown, defects };
}

describe('a request', () => {
  test('is sent with its parameters, and its result returned', async () => {
    const { reply, defects } = await ask(
      { 'trash.size': () => ({ bytes: 5, items: 1 }) },
      'trash.size',
      null,
    );
    expect(readReply('trash.size', reply)).toEqual({ bytes: 5, items: 1 });
    expect(defects).toEqual([]);
  });

  test.each(['runs.launch', '', 'constructor', '__proto__', 'toString', 'x'.repeat(1000)])(
    'of no known name is refused: %j',
    async (name) => {
      const { reply, defects } = await ask({}, name, null);
      expect(reply).toMatchObject({ ok: false, failure: { code: 'usage' } });
      expect(defects).toEqual([]);
    },
  );

  test.each([
    ['a path up', { run: '../../etc' }],
    ['a path down', { run: 'a/b' }],
    ['a path of Windows', { run: 'a\\b' }],
    ['the folder itself', { run: '.' }],
    ['a zero byte', { run: 'a\u0000b' }],
    ['nothing', { run: '' }],
    ['a number', { run: 1 }],
    ['too much', { run: 'a', also: 'b' }],
    ['too long', { run: 'a'.repeat(256) }],
    ['no object', null],
  ])('with %s for a run never reaches its handler', async (_, params) => {
    let reached = false;
    const { reply } = await ask({ 'runs.pause': () => ((reached = true), null) }, 'runs.pause', params);
    expect(reply).toMatchObject({ ok: false, failure: { code: 'usage' } });
    expect(reached).toBe(false);
  });

  test('an error is returned with its code and fix', async () => {
    const refuse = (): never => {
      throw new CharloomError('run-busy', 'It is being trained.', { fix: 'Wait.' });
    };
    const { reply, defects } = await ask({ 'runs.pause': refuse }, 'runs.pause', { run: 'a' });
    expect(() => readReply('runs.pause', reply)).toThrow(
      expect.objectContaining({ code: 'run-busy', message: 'It is being trained.', fix: 'Wait.' }),
    );
    expect(defects).toEqual([]);
  });

  test('an unexpected error is reported and returned as a defect', async () => {
    const broken = (): never => {
      throw new TypeError('x is undefined');
    };
    const { reply, defects } = await ask({ 'runs.pause': broken }, 'runs.pause', { run: 'a' });
    expect(() => readReply('runs.pause', reply)).toThrow(RemoteDefect);
    expect(defects).toHaveLength(1);
  });

  test('a result that does not fit the contract is a defect of the host and reaches no page', async () => {
    const wrong = () => ({ bytes: -1, items: 0 });
    const { reply, defects } = await ask({ 'trash.size': wrong }, 'trash.size', null);
    expect(reply).toMatchObject({ ok: false, failure: { code: 'defect' } });
    expect(defects).toHaveLength(1);
  });
});
