import { afterEach, describe, expect, test, vi } from 'vitest';
import { runSettings } from '../../src/shared/domain/run-settings-table.ts';
import type { SettingTable } from '../../src/shared/domain/setting-table.ts';

/** A setting that no Charloom has. */
const warmUp = {
  kind: 'integer',
  flag: 'warm-up',
  title: 'Warm-up',
  minimum: 0,
  maximum: 1000,
  default: 7,
  unit: 'iterations',
  group: 'schedule',
  effect: 'Begins with a smaller learning rate.',
  changeableOnResume: true,
} as const;
const { onExplosion, ...withoutOnExplosion } = runSettings;
const withWarmUp = { ...runSettings, warmUp };

/** The program's own modules, all of them made from another table of settings: only the table's data is another. */
async function programWith(table: SettingTable) {
  vi.resetModules();
  vi.doMock('../../src/shared/domain/run-settings-table.ts', () => ({ runSettings: table }));
  return {
    ...(await import('../support/earlier-files.ts')),
    ...(await import('../support/sessions.ts')),
    ...(await import('../../src/shared/ipc/requests.ts')),
    ...(await import('../../src/node/files/checkpoint-files.ts')),
    ...(await import('../../scripts/write-settings-page.ts')),
  };
}

afterEach(() => {
  vi.doUnmock('../../src/shared/domain/run-settings-table.ts');
  vi.resetModules();
});

const presets = (files: { readonly json: (...path: string[]) => Record<string, unknown> }) =>
  files.json('home', 'settings.json')['presets'] as { name: string; settings: Record<string, unknown> }[];

describe('with one more setting in the table', () => {
  test('every earlier file opens, with its default where the file lacks it', async () => {
    const { EarlierFiles } = await programWith(withWarmUp);
    const files = new EarlierFiles();
    const { records, checkpoints, waiting, settings, desktopSettings } = await files.openAll();
    const filled = [
      ...records.map((record) => record.settings),
      ...checkpoints.map(({ metadata }) => metadata.settings),
      ...waiting.flatMap((run) => ('plan' in run ? run.settings : [])),
      ...settings.presets.map((preset) => preset.settings),
      ...desktopSettings.presets.map((preset) => preset.settings),
    ];
    expect(filled).toHaveLength(4 + 9 + 1 + 2 + 2);
    for (const values of filled) expect(values).toMatchObject({ warmUp: 7, batchSize: expect.any(Number) });
    expect(waiting).toHaveLength(2);
    expect(files.movedAside).toEqual([]);
  });

  test('a run is resumed, also with another value of it; from then on its files have it', async () => {
    const { EarlierFiles, session, readCheckpoint } = await programWith(withWarmUp);
    const files = new EarlierFiles();
    const changes = { maxIterations: 18, warmUp: 9 };
    const { steps, outcome } = await session({
      resume: files.run('tale-gru'),
      text: files.text,
      settings: changes,
    });
    expect(steps).toHaveLength(6);
    expect(files.json('home', 'runs', 'tale-gru', 'run.json')['settings']).toMatchObject(changes);
    const { metadata } = await readCheckpoint(outcome.best?.path ?? '');
    expect(metadata.settings).toMatchObject(changes);
  });

  test('requests must be complete and known, and know it', async () => {
    const { requests, settingsPage } = await programWith(withWarmUp);
    const resume = (changes: object) =>
      requests['runs.resume'].params.safeParse({ run: 'tale', text: null, changes }).success;
    expect([
      resume({ warmUp: 9 }),
      resume({ warmUp: -1 }),
      resume({ rnnSize: 9 }),
      resume({ other: 1 }),
    ]).toEqual([...[true, false, false, false]]);
    const preset = {
      name: 'mine',
      settings: presets(new (await programWith(withWarmUp)).EarlierFiles())[0]?.settings,
    };
    expect(requests['settings.change'].params.safeParse({ presets: [preset] }).success).toBe(false);
    expect(await settingsPage()).toContain('--warm-up');
  });
});

describe('with one setting less in the table', () => {
  test('every earlier file opens, and keeps its value', async () => {
    const { EarlierFiles } = await programWith(withoutOnExplosion);
    const files = new EarlierFiles();
    const { records, checkpoints, waiting, settings } = await files.openAll();
    expect(records.map((record) => record.settings)).toMatchObject([
      ...[
        { onExplosion: 'stop' },
        { onExplosion: 'recover' },
        { onExplosion: 'stop' },
        { onExplosion: 'stop' },
      ],
    ]);
    for (const { metadata } of checkpoints) expect(metadata.settings).toHaveProperty('onExplosion');
    expect(waiting).toMatchObject([
      { settings: { onExplosion: 'stop' } },
      { changes: { onExplosion: 'stop' } },
    ]);
    // Pages receive only what they know.
    expect(settings.presets).toHaveLength(2);
    for (const preset of settings.presets) expect(preset.settings).not.toHaveProperty('onExplosion');
    expect(files.movedAside).toEqual([]);
  });

  test('a run is resumed with a message about the setting without effect; its files keep it', async () => {
    const { EarlierFiles, session, readCheckpoint } = await programWith(withoutOnExplosion);
    const files = new EarlierFiles();
    const { steps, notices, outcome } = await session({
      ...{ resume: files.run('tale-gru'), text: files.text, settings: { maxIterations: 18 } },
    });
    expect(steps).toHaveLength(6);
    expect(notices.join(' ')).toContain('does not know the run’s settings onExplosion');
    expect(files.json('home', 'runs', 'tale-gru', 'run.json')['settings']).toHaveProperty(
      'onExplosion',
      'recover',
    );
    const { metadata } = await readCheckpoint(outcome.best?.path ?? '');
    expect(metadata.settings).toHaveProperty('onExplosion', 'recover');
  });

  test('presets keep it in the file, also one that was given another name', async () => {
    const { EarlierFiles } = await programWith(withoutOnExplosion);
    const files = new EarlierFiles();
    const keeper = files.settings;
    const [first, second] = keeper.get().presets;
    if (first === undefined || second === undefined) throw new Error('there are two presets');
    await keeper.change({ theme: 'light' });
    expect(presets(files)[0]?.settings).toHaveProperty('onExplosion', onExplosion.default);
    await keeper.change({ presets: [{ ...first, name: 'Renamed' }, second] });
    expect(presets(files).map(({ name, settings }) => [name, settings['onExplosion']])).toEqual([
      ['Renamed', 'stop'],
      ['GRU with dropout', 'stop'],
    ]);
  });
});
