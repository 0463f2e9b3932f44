import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { root, startNode } from '../support/processes.ts';

const displays = [
  {
    kind: 'x11',
    program: 'Xvfb',
    version: '-help',
    socket: '`/tmp/.X11-unix/X${process.env.DISPLAY.slice(1)}`',
  },
  {
    kind: 'wayland',
    program: 'weston',
    version: '--version',
    socket: '`${process.env.XDG_RUNTIME_DIR}/${process.env.WAYLAND_DISPLAY}`',
  },
] as const;

/** A program on that display: reports its environment, and whether the display answers. */
const client = (socket: string): string => `
  const { DISPLAY = 'none', WAYLAND_DISPLAY = 'none', CHARLOOM_ELECTRON_WORDS = '' } = process.env;
  require('node:net').connect(${socket}, () => {
    console.log(JSON.stringify({ x11: DISPLAY !== 'none', wayland: WAYLAND_DISPLAY !== 'none', words: CHARLOOM_ELECTRON_WORDS }));
    process.exit(7);
  });`;

/** Displays for the real Electron, on machines without a screen. */
describe.each(displays)('a display of one’s own: $kind', ({ kind, program, version, socket }) => {
  test.skipIf(spawnSync(program, [version]).error !== undefined)(
    'exists for a command, returns its exit code, and closes with it',
    async () => {
      const script = join(root, 'scripts/with-display.ts');
      const running = startNode([script, kind, process.execPath, '-e', client(socket)], {
        env: { DISPLAY: '', WAYLAND_DISPLAY: '', CHARLOOM_ELECTRON_WORDS: '--mute-audio' },
      });
      const { code, stdout, stderr } = await running.finished;
      expect(code, stderr).toBe(7);
      expect(JSON.parse(stdout)).toEqual({
        x11: kind === 'x11',
        wayland: kind === 'wayland',
        words: kind === 'wayland' ? '--mute-audio --ozone-platform=wayland' : '--mute-audio',
      });
    },
  );
});
