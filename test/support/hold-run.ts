import { once } from 'node:events';
import { RunLock } from '../../src/node/files/run-lock.ts';

// Holds a run's lock in a separate process, like a training run: FOLDER, then milliseconds between two signs of life. Prints "held"; for each line it
// reads, whether the lock is still its own; and "free" when its input has ended and it has released the lock.
const say = (word: string): void => void process.stdout.write(`${word}\n`);
const [folder = '', touch = ''] = process.argv.slice(2);
const lock = await RunLock.takeRun(folder, { times: { touch: Number(touch), dead: 60_000, look: 10 } });
say('held');
process.stdin.on('data', () => {
  void lock.check().then(
    () => say('ours'),
    () => say('lost'),
  );
});
await once(process.stdin, 'end');
await lock.release();
say('free');
