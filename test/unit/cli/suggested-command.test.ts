import { join, resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { commandNames } from '../../../src/cli/command-names.ts';
import { createProgram } from '../../../src/cli/program.ts';
import { suggestedCommand, withSuggestedCommands, type Start } from '../../../src/cli/suggested-command.ts';

const checkout = resolve('/home/me/charloom');
const fix = '"charloom engine install webgpu" installs it; charloom doctor shows details.';

function start(script: string, folder = checkout, environment: NodeJS.ProcessEnv = {}): Start {
  return { script, folder, environment };
}

describe('commands to type next start like this one', () => {
  it.each([
    ['npx charloom', start('/x/node_modules/charloom/bin/charloom.js', checkout, { npm_command: 'exec' })],
    ['charloom', start('/usr/local/bin/charloom')],
    ['charloom', start(join('/usr', 'lib', 'node_modules', 'charloom', 'bin', 'charloom.js'))],
    ['charloom', { environment: {}, script: undefined, folder: checkout }],
    [`node ${join('bin', 'charloom.js')}`, start(join(checkout, 'bin', 'charloom.js'))],
    [
      `node ${join(checkout, 'bin', 'charloom.js')}`,
      start(join(checkout, 'bin', 'charloom.js'), resolve('/tmp')),
    ],
  ])('%s', (program, started) => {
    expect(suggestedCommand(['sample', 'sea'], started)).toBe(`${program} sample sea`);
    const asTyped = withSuggestedCommands(fix, started);
    expect(asTyped).toBe(`"${program} engine install webgpu" installs it; ${program} doctor shows details.`);
    expect(withSuggestedCommands(asTyped, started)).toBe(asTyped);
  });

  it('leaves paths, names and the product alone', () => {
    const npx = start('charloom', checkout, { npm_command: 'exec' });
    for (const sentence of [
      'There is no file /home/charloom text.txt.',
      'my-charloom runs is no run.',
      'The charloom window. Charloom runs here.',
    ]) {
      expect(withSuggestedCommands(sentence, npx)).toBe(sentence);
    }
  });

  it('knows every command', () => {
    const names = createProgram().commands.map((command) => command.name());
    expect([...commandNames].toSorted()).toEqual([...names, 'help'].toSorted());
  });
});
