import { EventEmitter } from 'node:events';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { followPowerSupply, runsOnBattery } from '../../../src/main/services/power-supply.ts';
import { temporaryFolder } from '../../support/texts.ts';

type Supply = Readonly<Record<string, string>>;

function write(folder: string, supplies: Readonly<Record<string, Supply>>): void {
  for (const [name, files] of Object.entries(supplies)) {
    mkdirSync(join(folder, name), { recursive: true });
    for (const [file, word] of Object.entries(files)) writeFileSync(join(folder, name, file), `${word}\n`);
  }
}

const battery = (status: string): Supply => ({ type: 'Battery', status });
const mouse = { type: 'Battery', scope: 'Device', status: 'Discharging' };
const cases: readonly (readonly [string, Readonly<Record<string, Supply>>, boolean])[] = [
  ['a desktop computer', {}, false],
  ['a desktop computer with a mouse', { hidpp_0: mouse }, false],
  ['a laptop in its dock', { AC: { type: 'Mains', online: '1' }, BAT0: battery('Charging') }, false],
  ['one that is full', { AC: { type: 'Mains', online: '1' }, BAT0: battery('Full') }, false],
  ['one without its plug', { AC: { type: 'Mains', online: '0' }, BAT0: battery('Discharging') }, true],
  [
    'one that a telephone charger feeds too little',
    { ucsi: { type: 'USB', online: '1' }, BAT0: battery('Discharging') },
    false,
  ],
  ['one whose second battery is in use', { BAT0: battery('Full'), BAT1: battery('Discharging') }, true],
];

test.each(cases)('%s', (_what, supplies, expected) => {
  const folder = temporaryFolder('power');
  write(folder, supplies);
  expect(runsOnBattery(folder)).toBe(expected);
});

test('a computer that reports nothing does not run on battery', () => {
  expect(runsOnBattery('/nonexistent')).toBe(false);
});

test('on Linux, where Electron reports nothing, an unplugged charger is noticed', async () => {
  const folder = temporaryFolder('power');
  write(folder, { AC: { type: 'Mains', online: '1' }, BAT0: battery('Charging') });
  const told = new EventEmitter();
  const heard: boolean[] = [];
  const next = (): Promise<void> => new Promise((resolve) => told.once('told', resolve));
  const powerMonitor = Object.assign(new EventEmitter(), { isOnBatteryPower: () => true });
  followPowerSupply({ powerMonitor: powerMonitor as never, platform: 'linux', folder, every: 5 }, (is) => {
    heard.push(is);
    told.emit('told');
  });
  for (const online of ['0', '1']) {
    const change = next();
    write(folder, { BAT0: battery('Discharging'), AC: { type: 'Mains', online } });
    await change;
  }
  expect(heard).toEqual([false, true, false]);
});

test.each(['darwin', 'win32'] as const)('on %s Electron reports it', (platform) => {
  const heard: boolean[] = [];
  const powerMonitor = Object.assign(new EventEmitter(), { isOnBatteryPower: () => true });
  followPowerSupply({ powerMonitor: powerMonitor as never, platform }, (is) => void heard.push(is));
  powerMonitor.emit('on-ac');
  powerMonitor.emit('on-battery');
  expect(heard).toEqual([true, false, true]);
});
