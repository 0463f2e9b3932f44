import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { PowerMonitor } from 'electron';

/** Where Linux reports a computer's power supply (Documentation/ABI/testing/sysfs-class-power). */
const linuxFolder = '/sys/class/power_supply';
const refreshIntervalMs = 10_000;

interface Options {
  readonly powerMonitor: Pick<PowerMonitor, 'isOnBatteryPower' | 'on'>;
  readonly platform?: NodeJS.Platform;
  readonly folder?: string;
  /** Milliseconds between two checks on systems without events. */
  readonly every?: number;
}

/** Reports the power supply immediately and after each change. Electron's own events exist on macOS and Windows only. */
export function followPowerSupply(options: Options, tell: (isOnBattery: boolean) => void): void {
  const {
    powerMonitor,
    platform = process.platform,
    folder = linuxFolder,
    every = refreshIntervalMs,
  } = options;
  powerMonitor.on('on-battery', () => tell(true));
  powerMonitor.on('on-ac', () => tell(false));
  let isOnBattery = platform === 'linux' ? runsOnBattery(folder) : powerMonitor.isOnBatteryPower();
  tell(isOnBattery);
  if (platform !== 'linux') return;
  setInterval(() => {
    const now = runsOnBattery(folder);
    if (now !== isOnBattery) tell(now);
    isOnBattery = now;
  }, every).unref();
}

/** Whether the computer runs on its own battery, with no mains power. False if nothing is known. */
export function runsOnBattery(folder: string): boolean {
  const supplies = suppliesIn(folder);
  const isPlugged = supplies.some(({ type, online }) => type !== 'Battery' && online === '1');
  // Mice and pens have batteries too.
  const own = supplies.filter(({ type, scope }) => type === 'Battery' && scope !== 'Device');
  return !isPlugged && own.some(({ status }) => status === 'Discharging');
}

function suppliesIn(folder: string) {
  try {
    return readdirSync(folder).map((name) => {
      const read = (file: string): string => readWord(join(folder, name, file));
      return { type: read('type'), scope: read('scope'), online: read('online'), status: read('status') };
    });
  } catch {
    return [];
  }
}

function readWord(path: string): string {
  try {
    return readFileSync(path, 'utf8').trim();
  } catch {
    return '';
  }
}
