import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import type { Dialog } from 'electron';
import { describe, expect, test } from 'vitest';
import { FileDialogs } from '../../../src/main/services/file-dialogs.ts';
import { openFile } from '../../../src/main/services/file-opener.ts';
import { openStateFile } from '../../../src/main/services/state-file.ts';
import { CharloomError } from '../../../src/shared/errors.ts';
import type { Workbench } from '../../../src/workbench/workbench-types.ts';
import { temporaryFolder } from '../../support/texts.ts';

/** Dialogs of a user who chooses this path, or none; shown dialogs are recorded. */
function dialogsOf(chosen: string | undefined, state = openStateFile(temporaryFolder('dialogs'))) {
  const shown: (string | undefined)[] = [];
  const dialog = {
    showOpenDialog: ({ defaultPath }: { defaultPath?: string }) => {
      shown.push(defaultPath);
      return Promise.resolve({
        canceled: chosen === undefined,
        filePaths: chosen === undefined ? [] : [chosen],
      });
    },
    showSaveDialog: ({ defaultPath }: { defaultPath?: string }) => {
      shown.push(defaultPath);
      return Promise.resolve({ canceled: chosen === undefined, filePath: chosen ?? '' });
    },
  } as unknown as Pick<Dialog, 'showOpenDialog' | 'showSaveDialog'>;
  return {
    shown,
    state,
    dialogs: new FileDialogs({ dialog, window: () => undefined, state, documents: '/documents' }),
  };
}

function checkpointOf(pieces: Iterable<Uint8Array | Error>): Pick<Workbench, 'openCheckpoint'> {
  function* content(): Generator<Uint8Array> {
    for (const piece of pieces) {
      if (piece instanceof Error) throw piece;
      yield piece;
    }
  }
  return {
    openCheckpoint: () =>
      Promise.resolve({ name: 'lm.safetensors', bytes: 4, stream: Readable.from(content()) }),
  };
}

const name = { run: 'r', file: 'lm_1.safetensors', format: 'safetensors' } as const;

describe("the system's dialogs", () => {
  test('open where the last one ended, also after a restart', async () => {
    const { dialogs, shown, state } = dialogsOf('/texts/novel.txt');
    expect(await dialogs.chooseText()).toBe('/texts/novel.txt');
    expect(await dialogs.chooseText()).toBe('/texts/novel.txt');
    expect(shown).toEqual(['/documents', '/texts']);
    const later = dialogsOf(undefined, state);
    expect(await later.dialogs.chooseText()).toBeNull();
    expect(later.shown).toEqual(['/texts']);
  });

  test('save a checkpoint whole, under the name that fits its format', async () => {
    const folder = temporaryFolder('save');
    const path = join(folder, 'mine.safetensors');
    const { dialogs, shown } = dialogsOf(path);
    await dialogs.saveCheckpoint(checkpointOf([Buffer.from('ab'), Buffer.from('cd')]), name);
    await dialogs.saveCheckpoint(checkpointOf([Buffer.from('{}')]), { ...name, format: 'json' });
    expect(shown).toEqual([join('/documents', 'lm_1.safetensors'), join(folder, 'lm_1.json')]);
    expect(readFileSync(path, 'utf8')).toBe('{}');
    expect(readdirSync(folder)).toEqual(['mine.safetensors']);
  });

  test('leave nothing behind when saving fails or is cancelled', async () => {
    const folder = temporaryFolder('save');
    const failing = checkpointOf([Buffer.from('ab'), new CharloomError('bad-checkpoint', 'It is cut off.')]);
    const { dialogs } = dialogsOf(join(folder, 'mine.safetensors'));
    await expect(dialogs.saveCheckpoint(failing, name)).rejects.toMatchObject({ code: 'bad-checkpoint' });
    expect(await dialogsOf(undefined).dialogs.saveCheckpoint(checkpointOf([]), name)).toBeNull();
    expect(readdirSync(folder)).toEqual([]);
  });

  test('save an export under its name, and report whether a place was chosen', async () => {
    const folder = temporaryFolder('save');
    const path = join(folder, 'mine.zip');
    const content = { name: 'novel-onnx.zip', bytes: 2, stream: Readable.from([Buffer.from('PK')]) };
    const exports = { openExport: () => Promise.resolve(content) };
    const { dialogs, shown } = dialogsOf(path);
    expect(await dialogs.saveExport(exports, 'ticket')).toBe(true);
    expect(shown).toEqual([join('/documents', 'novel-onnx.zip')]);
    expect(readFileSync(path, 'utf8')).toBe('PK');
    expect(await dialogsOf(undefined).dialogs.saveExport(exports, 'ticket')).toBe(false);
    expect(readdirSync(folder)).toEqual(['mine.zip']);
  });

  test('explain in a sentence why a place cannot be written to', async () => {
    const { dialogs } = dialogsOf(join(temporaryFolder('save'), 'missing', 'mine.safetensors'));
    await expect(dialogs.saveCheckpoint(checkpointOf([Buffer.from('ab')]), name)).rejects.toMatchObject({
      code: 'storage',
    });
  });
});

describe('a file that was opened from outside', () => {
  async function open(path: string, fails = false, kind = 'imported'): Promise<readonly unknown[]> {
    const heard: unknown[] = [];
    const take = (id: string): Promise<never> =>
      fails
        ? Promise.reject(new CharloomError('bad-text', 'It is a picture.', { fix: 'Choose a text.' }))
        : (Promise.resolve({ id, kind, file: id, run: 'a-run' }) as unknown as Promise<never>);
    await openFile(path, {
      workbench: {
        addTextFile: () => take('text-1'),
        addModelFile: () => take('model.safetensors'),
        announceOpened: (item) => heard.push(item),
      },
      remember: (remembered) => heard.push(remembered),
      complain: (...words) => heard.push(words),
    });
    return heard;
  }

  test('becomes a text or a model, which the pages report', async () => {
    expect(await open('/a/novel.txt')).toEqual([{ text: 'text-1' }, '/a/novel.txt']);
    expect(await open('/a/lm.safetensors')).toEqual([{ model: 'model.safetensors' }, '/a/lm.safetensors']);
    expect(await open('/a/lm.t7', false, 'run')).toEqual([{ run: 'a-run' }, '/a/lm.t7']);
  });

  test('is reported in a sentence when it cannot be used', async () => {
    expect(await open('/a/cat.png', true)).toEqual([
      ['cat.png could not be opened', 'It is a picture.\nChoose a text.'],
    ]);
  });
});
