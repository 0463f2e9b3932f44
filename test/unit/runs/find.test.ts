import { mkdirSync, writeFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { encodeCheckpoint } from '../../../src/engine/checkpoints/codec.ts';
import { findRun, resolveModel } from '../../../src/runs/find.ts';
import { CharloomError } from '../../../src/shared/errors.ts';
import { makeCheckpoint, sha256 } from '../../support/checkpoints.ts';
import { temporaryFolder } from '../../support/texts.ts';

const runs = temporaryFolder('find');
const novel = join(runs, 'novel');

/** A run folder whose run.json is lost, with checkpoints of these losses. */
function makeRun(name: string, losses: readonly (number | null)[]): string {
  const folder = join(runs, name);
  mkdirSync(join(folder, 'checkpoints'), { recursive: true });
  writeFileSync(join(folder, 'metrics.jsonl'), '');
  losses.forEach((validationLoss, index) => {
    const { pieces } = encodeCheckpoint(makeCheckpoint({ validationLoss, iteration: index + 1 }), sha256);
    writeFileSync(join(folder, 'checkpoints', `${index}.safetensors`), Buffer.concat(pieces));
  });
  return folder;
}

beforeAll(() => {
  makeRun('novel', [1.5, 1.2, null, 1.2, 1.4]);
  makeRun('unmeasured', [null, null]);
  makeRun('empty', []);
  makeRun('Alices Adventures', [1.1]);
  mkdirSync(join(runs, 'notes'));
});

async function failure(work: Promise<unknown>): Promise<CharloomError> {
  const error: unknown = await work.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  if (error instanceof CharloomError) return error;
  throw error ?? new Error('did not fail');
}

describe('run and checkpoint arguments', () => {
  test.each([
    ['its name', 'novel'],
    ['the path of its folder', novel],
    ['a relative path', relative(process.cwd(), novel)],
  ])('%s means a run, and a run its best checkpoint, the earlier of two equals', async (_, typed) => {
    expect(await findRun(typed, runs)).toBe(novel);
    expect(await resolveModel(typed, runs)).toBe(join(novel, 'checkpoints', '1.safetensors'));
  });

  test("a run's own name means it, where its folder has another", async () => {
    expect(await findRun("Alice's Adventures", runs)).toBe(join(runs, 'Alices Adventures'));
    expect((await failure(findRun("'", runs))).code).toBe('not-found');
  });

  test('the path of a checkpoint means that one', async () => {
    const path = join(novel, 'checkpoints', '4.safetensors');
    expect(await resolveModel(path, runs)).toBe(path);
    const error = await failure(findRun(path, runs));
    expect(error.code).toBe('bad-run');
    expect(error.fix).toContain(novel);
  });

  test('a run that was never measured means its first checkpoint', async () => {
    expect(await resolveModel('unmeasured', runs)).toBe(
      join(runs, 'unmeasured', 'checkpoints', '0.safetensors'),
    );
  });

  test.each([
    ['nobody', 'not-found', 'There is no run or file named “nobody”.'],
    ['', 'not-found', 'There is no run or file named “”.'],
    ['..', 'bad-run', '.. is a folder but not a run'],
    ['lost.safetensors', 'not-found', 'There is no checkpoint at lost.safetensors.'],
    ['empty', 'not-found', 'has no checkpoint yet'],
    ['notes', 'not-found', 'There is no run or file named “notes”.'],
  ])('“%s” is refused with a sentence', async (typed, code, sentence) => {
    const error = await failure(resolveModel(typed, runs));
    expect(error.code).toBe(code);
    expect(error.message).toContain(sentence);
  });

  test('an unknown name lists the existing ones', async () => {
    expect((await failure(findRun('nobody', runs))).fix).toContain(
      'are Alices Adventures, empty, novel, unmeasured.',
    );
  });
});
