import { computeExitCodes, type Command, type Job, type Report } from '../shared/compute/messages.ts';
import { assertNever, CharloomError } from '../shared/errors.ts';
import type { Failure } from '../shared/domain/common.ts';
import { failureOf } from '../shared/ipc/failures.ts';
import type { RunningJob } from './job.ts';
import { backendOpener, type OpenJobBackend } from './open-backend.ts';
import { connectToParent } from './port.ts';

const port = connectToParent();
const open: OpenJobBackend = backendOpener(() => port.graphics());
let job: RunningJob | undefined;
let hasBegun = false;
let ending = false;
/** Commands that arrived before the job was ready for them. */
let early: Command[] = [];

/** Milliseconds that a job has to save its work after the parent has ended. */
const parentTimeoutMs = 30_000;

/** Each job loads only what it needs: a process that writes never loads TensorFlow. */
async function startJob(wanted: Job, post: (report: Report) => void): Promise<RunningJob> {
  switch (wanted.kind) {
    case 'start':
    case 'resume':
      return (await import('./jobs/train.ts')).train(wanted, post, open);
    case 'inspect':
      return (await import('./jobs/inspect.ts')).inspect(wanted, post);
    case 'write':
      return (await import('./jobs/write.ts')).write(wanted, post);
    case 'look-inside':
      return (await import('./jobs/look-inside.ts')).lookInside(wanted, post);
    case 'copies':
      return (await import('./jobs/copies.ts')).copies(wanted, post);
    case 'colophon':
      return (await import('./jobs/colophon.ts')).colophon(wanted, post);
    case 'export':
      return (await import('./jobs/export.ts')).exportTo(wanted, post);
    case 'measure':
      return (await import('./jobs/measure.ts')).measure(wanted, post, open);
    case 'verify':
      return (await import('./jobs/verify.ts')).verify(wanted, post, open);
    case 'try':
      return (await import('./jobs/try.ts')).tryBackend(wanted, post, open);
    case 'check':
      return (await import('./jobs/check.ts')).check(wanted, post);
    case 'import-model':
      return (await import('./jobs/import-model.ts')).importForeignModel(wanted, post);
    case 'card':
      return (await import('./jobs/card.ts')).card(wanted, post);
    case 'read-document':
      return (await import('./jobs/read-document.ts')).readDocumentFile(wanted, post);
    case 'find-changes':
      return (await import('./jobs/find-changes.ts')).findAllChanges(wanted, post);
    case 'count-text':
      return (await import('./jobs/count-text.ts')).countTextFile(wanted, post);
    case 'compose-text':
      return (await import('./jobs/compose-text.ts')).composeText(wanted, post);
    case 'probe':
      return (await import('./jobs/probe.ts')).probe(wanted, post);
    default:
      return assertNever(wanted);
  }
}

async function obey(command: Command): Promise<void> {
  if (command.kind === 'begin') return begin(command.job);
  if (job === undefined) early.push(command);
  else job.onCommand?.(command);
}

async function begin(wanted: Job): Promise<void> {
  if (hasBegun) throw new Error('a compute process does one job');
  hasBegun = true;
  job = await startJob(wanted, (report) => port.post(report));
  for (const command of early) job.onCommand?.(command);
  early = [];
  await job.ended;
  await end(computeExitCodes.done);
}

async function fail(error: unknown): Promise<void> {
  if (ending) return;
  port.post({ kind: 'failed', failure: isOutOfMemory(error) ? outOfMemory : failureOf(error) });
  if (!(error instanceof CharloomError) && error instanceof Error) process.stderr.write(`${error.stack}\n`);
  await end(exitCodeOf(error));
}

async function end(code: number): Promise<void> {
  ending = true;
  await port.end(code);
}

const outOfMemory: Failure = {
  code: 'bad-setting',
  message: 'Out of memory.',
  fix: 'Choose a smaller model, batch or sequence length, or close other programs.',
};

/** A typed array or a WebAssembly memory that could not be allocated. */
function isOutOfMemory(error: unknown): boolean {
  return error instanceof RangeError && /memory|allocation/i.test(error.message);
}

function exitCodeOf(error: unknown): number {
  if (isOutOfMemory(error)) return computeExitCodes.outOfMemory;
  if (!(error instanceof CharloomError)) return computeExitCodes.defect;
  return error.code === 'backend-unavailable' ? computeExitCodes.backendUnavailable : computeExitCodes.badJob;
}

process.on('uncaughtException', (error) => void fail(error));
process.on('unhandledRejection', (error) => void fail(error));
// Ctrl-C in a terminal reaches the whole group; the parent decides what becomes of the work.
process.on('SIGINT', () => undefined);
port.onGone(() => {
  if (job?.onGone === undefined) process.exit(computeExitCodes.done);
  job.onGone();
  setTimeout(() => process.exit(computeExitCodes.done), parentTimeoutMs).unref();
});
port.onCommand((command) => void obey(command).catch(fail));
port.post({ kind: 'ready' });
