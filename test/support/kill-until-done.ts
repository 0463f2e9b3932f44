import { mix32 } from '../../src/engine/random/hash.ts';
import { startSession } from './sessions.ts';
import type { SessionRequest } from './session-process.ts';

/** Kills a run repeatedly, at random moments, until it is done. */
export async function killUntilDone(
  request: Pick<SessionRequest, 'text' | 'settings' | 'runs' | 'stepsInFlight' | 'initFrom' | 'vocabulary'>,
  seed: number,
): Promise<{ run: string; kills: number }> {
  let run: string | undefined;
  for (let kills = 0; ; kills++) {
    const drawn = mix32(seed + kills + 1);
    // Resume points with every step, sometimes, or never: then only scheduled checkpoints are available.
    const resumePointIntervalMs = [0, 4, 60_000][drawn % 3];
    const { stepsInFlight } = request;
    const begin = run === undefined ? request : { resume: run, stepsInFlight };
    const running = startSession({ ...begin, resumePointIntervalMs, slowness: 5 });
    const start = Object(JSON.parse(await running.line((line) => line.includes('"start"'))));
    run = String(start.folder);
    const target = `"iteration":${Number(start.iteration) + 1 + ((drawn >>> 4) % 40)},`;
    // A run that ends before it gets there is done.
    await running.line((line) => line.includes('"step"') && line.includes(target)).catch(() => undefined);
    // A little later: in the middle of the next step, or of a write.
    const moment = performance.now() + ((drawn >>> 12) % 50) / 10;
    while (performance.now() < moment);
    running.process.kill('SIGKILL');
    if ((await running.finished).code === 0) return { run, kills };
  }
}
