import { describe, expect, it } from 'vitest';
import { complaint, runCommand } from '../../../src/node/engines/run-command.ts';

/** A program that takes its time to end when it is asked to, and says so with its last line. */
const slowToEnd = `
process.on('SIGTERM', () => setTimeout(() => { console.log('last words'); process.exit(0); }, 100));
setInterval(() => undefined, 1000);
console.log('ready');
`;

describe('a program that the installer runs', () => {
  it.skipIf(process.platform === 'win32')('has ended when its cancellation is reported', async () => {
    const controller = new AbortController();
    const lines: string[] = [];
    const running = runCommand(process.execPath, ['-e', slowToEnd], {
      signal: controller.signal,
      onLine: (line) => {
        lines.push(line);
        if (line === 'ready') controller.abort();
      },
    });
    await expect(running).rejects.toMatchObject({ code: 'cancelled' });
    expect(lines).toEqual(['ready', 'last words']);
  });

  it('that does not exist is an error of its own', async () => {
    const { signal } = new AbortController();
    await expect(runCommand('no-such-program', [], { signal })).rejects.toMatchObject({ code: 'ENOENT' });
    await expect(runCommand('no-such-program', [], { signal: AbortSignal.abort() })).rejects.toMatchObject({
      code: 'cancelled',
    });
  });

  it('is quoted up to its message, without its stack', () => {
    const said = [
      '* Downloading libtensorflow',
      'node:events:486',
      "Emitted 'error' event on ClientRequest instance at:",
      'Error: connect ECONNREFUSED 127.0.0.1:9',
      '    at TCPConnectWrap.afterConnect [as oncomplete] (node:net:1645:16)',
    ].join('\n');
    expect(complaint(said)).toBe('Error: connect ECONNREFUSED 127.0.0.1:9');
    expect(complaint('one\ntwo')).toBe('one\ntwo');
  });
});
