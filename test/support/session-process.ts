import { writeSync } from 'node:fs';
import { loadWasmBackend } from '../../src/node/wasm/backend.ts';
import type { Backend } from '../../src/engine/backends/backend.ts';
import type { SessionHooks } from '../../src/node/session/session-types.ts';
import { RunController } from '../../src/node/session/controller.ts';
import { resumeRun } from '../../src/node/session/resume.ts';
import { startRun } from '../../src/node/session/start.ts';
import { defaultRunSettings, type RunSettings } from '../../src/shared/domain/run-settings.ts';
import type { VocabularyChoice } from '../../src/shared/domain/symbol-fit.ts';
import { CharloomError } from '../../src/shared/errors.ts';
import { loadLateBackend } from './late-backend.ts';

/**
 * One session as a separate process, to be stopped, killed, or run out of disk space. Prints one line of JSON per event. Called as: node
 * session-process.ts '<SessionRequest as JSON>'
 */
export interface SessionRequest {
  /** Starts a run on this text, or says where the text of a resumed run is now. */
  readonly text?: string;
  readonly runs?: string;
  readonly settings?: Partial<RunSettings>;
  readonly initFrom?: string;
  readonly vocabulary?: VocabularyChoice;
  /** Resumes this run. */
  readonly resume?: string;
  readonly resumePointIntervalMs?: number | undefined;
  /** Trains on a backend that answers late, with so many steps under way; the embedded one without. */
  readonly stepsInFlight?: number | undefined;
  /** Asks for these after so many iterations. */
  readonly stopAt?: number;
  readonly checkpointAt?: number;
  /** Extra milliseconds per step, so that a test has time to interfere. */
  readonly slowness?: number;
}

function print(event: object): void {
  // Written synchronously: the output of a killed process must be known. The pipe is full while its reader is busy.
  for (let rest = Buffer.from(`${JSON.stringify(event)}\n`); rest.length > 0;) {
    try {
      rest = rest.subarray(writeSync(1, rest));
    } catch (error) {
      if (!(error instanceof Error && 'code' in error && error.code === 'EAGAIN')) throw error;
      pause(1);
    }
  }
}

/** Stops this thread for so many milliseconds. */
function pause(milliseconds: number): void {
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, milliseconds);
}

async function main(request: SessionRequest): Promise<void> {
  const controller = new RunController();
  process.on('SIGINT', () => controller.stop());
  const hooks: SessionHooks = {
    onStart: ({ folder, iteration }) => print({ event: 'start', folder, iteration }),
    onEvent: (event) => {
      if (event.kind === 'checkpoint' || event.kind === 'explosion') print({ event: event.kind, ...event });
      if (event.kind === 'state' && event.reason !== undefined) print({ event: 'state', ...event });
      if (event.kind !== 'step') return;
      const { iteration, loss } = event;
      print({ event: 'step', iteration, loss });
      if (request.slowness !== undefined) pause(request.slowness);
      if (iteration === request.stopAt) controller.stop();
      if (iteration === request.checkpointAt) controller.checkpoint();
    },
    onNotice: (message) => print({ event: 'notice', message }),
  };
  const { resumePointIntervalMs = 60_000, settings = {}, text, resume } = request;
  const loadBackend = (): Promise<Backend> =>
    request.stepsInFlight === undefined
      ? loadWasmBackend({ threads: 1 })
      : loadLateBackend(request.stepsInFlight);
  const common = { loadBackend, resumePointIntervalMs };
  const outcome =
    resume === undefined
      ? await startRun(
          {
            ...common,
            textPath: text ?? '',
            settings: { ...defaultRunSettings, ...settings },
            runsFolder: request.runs,
            initFrom: request.initFrom,
            vocabulary: request.vocabulary,
          },
          hooks,
          controller,
        )
      : await resumeRun({ ...common, folder: resume, textPath: text, changes: settings }, hooks, controller);
  print({ event: 'done', ...outcome });
}

try {
  await main(JSON.parse(process.argv[2] ?? '{}') as SessionRequest);
} catch (error) {
  if (!(error instanceof CharloomError)) throw error;
  print({ event: 'error', code: error.code, message: error.message, fix: error.fix });
  process.exitCode = 2;
}
