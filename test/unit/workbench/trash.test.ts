import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { beforeEach, describe, expect, test } from 'vitest';
import { contained, containedFile } from '../../../src/workbench/storage/contained.ts';
import { Trash } from '../../../src/workbench/storage/trash.ts';
import { temporaryFolder, writeText } from '../../support/texts.ts';

let folder: string;
let trash: Trash;
beforeEach(() => {
  folder = temporaryFolder('trash');
  trash = new Trash(join(folder, 'trash'));
});

function makeRun(name: string): string {
  const path = join(folder, 'runs', name);
  mkdirSync(join(path, 'checkpoints'), { recursive: true });
  writeText(path, 'run.json', `{"name":"${name}"}`);
  writeText(join(path, 'checkpoints'), 'a.safetensors', 'x'.repeat(100));
  return path;
}

describe('the trash', () => {
  test('takes files and folders, reports their size, and restores everything', async () => {
    const run = makeRun('novel');
    const file = writeText(folder, 'model.safetensors', '12345');
    const { undo, bytes, files } = await trash.remove([run, file]);
    expect([existsSync(run), existsSync(file)]).toEqual([false, false]);
    expect([bytes, files]).toEqual([121, ['novel', 'model.safetensors']]);
    expect((await trash.size()).items).toBe(1);
    await trash.undo(undo);
    expect(readFileSync(join(run, 'checkpoints', 'a.safetensors'), 'utf8')).toHaveLength(100);
    expect(readFileSync(file, 'utf8')).toBe('12345');
    expect(await trash.size()).toEqual({ bytes: 0, items: 0 });
  });

  test('restores nothing over a newer file, and loses nothing in the attempt', async () => {
    const run = makeRun('novel');
    const { undo } = await trash.remove([run]);
    mkdirSync(run);
    await expect(trash.undo(undo)).rejects.toMatchObject({ code: 'storage' });
    renameSync(run, `${run}-new`);
    await trash.undo(undo);
    expect(existsSync(join(run, 'run.json'))).toBe(true);
  });

  test('keeps no record of a removal that removed nothing', async () => {
    const kept = [{ file: 'best', reason: 'it is the best' }];
    const before = await trash.size();
    const { undo, ...rest } = await trash.remove([], kept);
    expect(rest).toEqual({ bytes: 0, files: [], kept });
    expect(await trash.size()).toEqual(before);
    await expect(trash.undo(undo)).rejects.toMatchObject({ code: 'not-found' });
  });

  test('takes all or nothing', async () => {
    const run = makeRun('novel');
    await expect(trash.remove([run, join(folder, 'runs', 'missing')])).rejects.toMatchObject({
      code: 'storage',
    });
    expect(existsSync(join(run, 'run.json'))).toBe(true);
    expect((await trash.size()).items).toBe(0);
  });

  test('a removal that a power cut left half done can be undone as far as it went', async () => {
    const [gone, stayed] = [makeRun('gone'), makeRun('stayed')];
    const { undo } = await trash.remove([gone, stayed]);
    // As if the second had not been moved yet.
    const kept = join(folder, 'trash', undo);
    const second = readdirSync(kept)
      .filter((name) => name !== 'manifest.json')
      .find((name) => readFileSync(join(kept, name, 'run.json'), 'utf8').includes('stayed'));
    renameSync(join(kept, second ?? ''), stayed);
    await trash.undo(undo);
    for (const run of [gone, stayed]) expect(existsSync(join(run, 'run.json'))).toBe(true);
  });

  test('frees its space when it is emptied, which cannot be undone', async () => {
    const { undo } = await trash.remove([makeRun('novel')]);
    expect(await trash.empty()).toBeGreaterThan(100);
    await expect(trash.undo(undo)).rejects.toMatchObject({ code: 'not-found' });
    await expect(trash.undo('..')).rejects.toMatchObject({ code: 'usage' });
  });
});

describe('the list of the trash', () => {
  test('says after a restart what each removal holds, the latest first', async () => {
    const run = makeRun('novel');
    const checkpoint = join(run, 'checkpoints', 'a.safetensors');
    const first = await trash.remove([checkpoint]);
    const renamed = makeRun('novel-2');
    writeText(
      renamed,
      'notes.json',
      JSON.stringify({ formatVersion: 1, name: 'My novel', note: '', checkpoints: {} }),
    );
    const second = await trash.remove([renamed, writeText(folder, 'model.safetensors', '12345')]);
    const list = await new Trash(join(folder, 'trash')).list();
    expect(list.map(({ undo }) => undo)).toEqual([second.undo, first.undo]);
    expect(list.map(({ items }) => items)).toEqual([
      [
        { kind: 'run', name: 'My novel', run: 'novel-2' },
        { kind: 'model', name: 'model.safetensors', run: null },
      ],
      [{ kind: 'checkpoint', name: 'a.safetensors', run: 'novel' }],
    ]);
    for (const { bytes, removed } of list) {
      expect(bytes).toBeGreaterThan(100);
      expect(Math.abs(Date.now() - Date.parse(removed))).toBeLessThan(60_000);
    }
    await trash.undo(first.undo);
    expect((await trash.list()).map(({ undo }) => undo)).toEqual([second.undo]);
    expect(existsSync(checkpoint)).toBe(true);
  });

  test('passes over a folder that it cannot read', async () => {
    const { undo } = await trash.remove([makeRun('novel')]);
    mkdirSync(join(folder, 'trash', 'unknown'));
    expect((await trash.list()).map((removal) => removal.undo)).toEqual([undo]);
  });
});

describe('a checkpoint in the trash', () => {
  test('says that its name is taken', async () => {
    const checkpoint = join(makeRun('novel'), 'checkpoints', 'a.safetensors');
    const { undo } = await trash.remove([checkpoint]);
    writeFileSync(checkpoint, 'another');
    await expect(trash.undo(undo)).rejects.toMatchObject({
      code: 'storage',
      message: 'a.safetensors cannot be restored: another checkpoint has its name.',
    });
    expect(readFileSync(checkpoint, 'utf8')).toBe('another');
  });

  test('waits for its run, which would otherwise have no place to return to', async () => {
    const run = makeRun('novel');
    const checkpoint = await trash.remove([join(run, 'checkpoints', 'a.safetensors')]);
    const whole = await trash.remove([run]);
    await expect(trash.undo(checkpoint.undo)).rejects.toMatchObject({
      code: 'not-found',
      message: 'The run “novel”, which the checkpoint is from, does not exist.',
    });
    await trash.undo(whole.undo);
    await trash.undo(checkpoint.undo);
    expect(existsSync(join(run, 'checkpoints', 'a.safetensors'))).toBe(true);
  });

  test('does not return to another run that has the name of its run', async () => {
    const run = makeRun('novel');
    const { undo } = await trash.remove([join(run, 'checkpoints', 'a.safetensors')]);
    await trash.remove([run]);
    makeRun('novel');
    const created = new Date(Date.now() + 1000).toISOString();
    writeText(run, 'run.json', JSON.stringify({ name: 'novel', created }, null, 2));
    await expect(trash.undo(undo)).rejects.toMatchObject({ code: 'storage' });
    expect((await trash.list()).map((removal) => removal.undo)).toContain(undo);
  });
});

describe('a name from a page', () => {
  test.each(['..', '.', '', 'a/b', '../a', 'a\\b', '/etc/passwd', 'a\u0000', 'x'.repeat(300)])(
    'cannot leave the folder: %j',
    (name) => {
      expect(() => contained(folder, name)).toThrow(expect.objectContaining({ code: 'usage' }));
    },
  );

  test.each(['novel', '..novel', 'a b', 'ünï', '.hidden'])('may be %j', (name) => {
    expect(contained(folder, name)).toBe(join(folder, name));
  });

  test('of a link to elsewhere is not followed', async () => {
    const secret = writeText(folder, 'secret.txt', 'secret');
    mkdirSync(join(folder, 'checkpoints'));
    symlinkSync(secret, join(folder, 'checkpoints', 'link.safetensors'));
    writeFileSync(join(folder, 'checkpoints', 'real.safetensors'), '');
    const find = (name: string) => containedFile(join(folder, 'checkpoints'), name, 'The checkpoint');
    await expect(find('link.safetensors')).rejects.toMatchObject({ code: 'not-found' });
    await expect(find('gone.safetensors')).rejects.toMatchObject({ code: 'not-found' });
    expect(await find('real.safetensors')).toBe(join(folder, 'checkpoints', 'real.safetensors'));
  });
});
