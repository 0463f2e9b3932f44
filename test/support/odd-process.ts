/**
 * A compute process that behaves as CHARLOOM_PROCESS says, for tests of its parent. It implements the protocol itself, so that tests do not depend on
 * the real one.
 */
const manner = process.env['CHARLOOM_PROCESS'] ?? '';
const tell = (message: object): void => void process.send?.(message);

function hear(message: unknown): void {
  const { kind } = message as { readonly kind: string };
  switch (manner) {
    case 'good':
      if (kind === 'begin') tell({ kind: 'started', folder: '/runs/novel', device: 'this' });
      if (kind === 'pause')
        tell({ kind: 'training', item: { kind: 'state', state: 'paused', iteration: 1 } });
      if (kind === 'stop') end({ kind: 'done', end: 'stopped' });
      break;
    case 'slow':
      if (kind === 'begin') tell({ kind: 'started', folder: '/runs/novel', device: 'this' });
      if (kind === 'suspend') end({ kind: 'done', end: 'suspended' });
      break;
    case 'thorough':
      if (kind === 'begin') tell({ kind: 'started', folder: '/runs/novel', device: 'this' });
      if (kind === 'stop') measure(0);
      break;
    case 'deaf':
      if (kind === 'begin') tell({ kind: 'started', folder: '/runs/novel', device: 'this' });
      break;
    case 'nonsense':
      if (kind === 'begin') tell({ kind: 'started', folder: 5 });
      break;
    case 'failing':
      if (kind === 'begin')
        end({ kind: 'failed', failure: { code: 'storage', message: 'The disk is full.', fix: null } });
      break;
    case 'crashing':
      if (kind === 'begin') {
        process.stderr.write('first words\n\nlast words\n', () => process.kill(process.pid, 'SIGABRT'));
      }
      break;
    case 'exiting':
      if (kind === 'begin') process.exit(70);
  }
}

/** Takes half a second, and reports progress every 25 milliseconds. */
function measure(done: number): void {
  if (done === 20) return end({ kind: 'done', end: 'stopped' });
  tell({ kind: 'training', item: { kind: 'busy', doing: 'evaluating', fraction: done / 20 } });
  setTimeout(() => measure(done + 1), 25);
}

function end(report: object): void {
  process.send?.(report, undefined, undefined, () => process.exit(0));
}

process.on('message', hear);
tell({ kind: 'ready' });
