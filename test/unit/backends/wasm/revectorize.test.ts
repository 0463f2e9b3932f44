import { expect, test } from 'vitest';
import { root, startNode } from '../../../support/processes.ts';

/** What a process hears of its backend, whose V8 knows the flag or not. */
async function labelIn(knows: boolean): Promise<{ readonly label: string; readonly stderr: string }> {
  const script = `
    ${knows ? '' : "(await import('./test/support/electron-double/v8-flags.ts')).forgetFlags();"}
    const { loadWasmBackend } = await import('./src/node/wasm/backend.ts');
    const first = await loadWasmBackend({ threads: 1 });
    const second = await loadWasmBackend({ threads: 1, revectorize: false });
    const third = await loadWasmBackend({ threads: 1 });
    console.log([first, second, third].map(({ info }) => info.device).join('|'));
  `;
  const running = startNode(['--input-type=module', '-e', script], { cwd: root });
  const { stdout, stderr } = await running.finished;
  return { label: stdout.trim(), stderr };
}

const narrow = 'processor, 1 thread, relaxed SIMD';

test('a V8 that can pair operations does, and says so', async () => {
  const { label, stderr } = await labelIn(true);
  expect(label).toBe([`${narrow}, 256 bits wide`, narrow, `${narrow}, 256 bits wide`].join('|'));
  expect(stderr).not.toContain('unrecognized');
});

test('one that was built without it is asked once, and is not said to do it', async () => {
  const { label, stderr } = await labelIn(false);
  expect(label).toBe([narrow, narrow, narrow].join('|'));
  expect(stderr.match(/unrecognized flag/g)).toHaveLength(2);
});
