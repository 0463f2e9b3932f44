import { describe, expect, test } from 'vitest';
import { charloom } from '../support/processes.ts';
import { charloomVersion } from '../../src/shared/version.ts';

describe('the command line', () => {
  test('says its version and explains itself', async () => {
    expect(await charloom(['--version'])).toMatchObject({
      code: 0,
      stdout: `${charloomVersion}\n`,
      stderr: '',
    });
    const bare = await charloom([]);
    expect(bare).toMatchObject({ code: 0, stderr: '' });
    expect(await charloom(['help'])).toEqual(bare);
    for (const command of ['train', 'inspect', 'sample', 'bench'])
      expect(bare.stdout).toContain(`  ${command} `);
  });

  test('explains a command with help and --help, and a group of commands without either', async () => {
    for (const words of [['train'], ['engine'], ['engine', 'install']]) {
      const help = await charloom(['help', ...words]);
      expect(help).toMatchObject({ code: 0, stderr: '' });
      expect(help.stdout).toMatch(new RegExp(`^Usage: charloom ${words.join(' ')} `));
      expect(await charloom([...words, '--help'])).toEqual(help);
    }
    expect(await charloom(['engine'])).toEqual(await charloom(['engine', '--help']));
  });

  test.each([
    [['trian'], 'train'],
    [['inspect', 'a.txt', '--jsno'], '--json'],
    [['train', '--batchsize', '5'], '--batch-size'],
    [['train', '--model', 'lsmt'], '--model lstm'],
    [['train', '--rnn-size', 'big'], 'a whole number from 1 to 8,192'],
    [['train', '--rnn-size', ''], 'cannot be empty'],
    [['train', '--dropout', '1'], 'up to but not including 1'],
    [['train', '--learning-rate', 'NaN'], 'a number above 0'],
    [['train', '--seed', '-1'], 'from 0 to 4,294,967,295'],
    [['train', '--threads', '0'], 'from 1 to'],
    [['sample'], 'missing'],
    [['sample', 'x', '--length', '0x10'], 'a whole number'],
    [['sample', 'x', '--temperature', '0'], '--greedy'],
    [['sample', 'x', '--temperature', '0,5'], '--temperature 0.5'],
    [['train', '--epochs', '5'], '--max-epochs'],
    [['sample', 'x', '--num-samples', '3'], '--count'],
    [['sample', 'x', '--count', '0'], 'from 1 to 1,000'],
    [['sample', 'x', '--top-p', '0'], 'above 0, at most 1'],
    [['sample', 'x', '--min-p', '1.5'], 'from 0 to 1'],
    [['inspect', 'https://example.org/a.txt'], 'This is a web address'],
    [['inspect', '~/a.txt'], '$HOME'],
    [['bench', '--steps', '1e99'], 'a whole number'],
    [['inspect', 'two', 'files.txt'], 'quotes'],
    [['verify', '--backend', 'cuda'], 'auto, wasm'],
    [['train', '-batch_size', '5'], "char-rnn's -batch_size is --batch-size here"],
    [['train', '--eval-val-every', '5'], "char-rnn's -eval_val_every is --eval-every here"],
    [['train', '-data_dir', 'books'], 'charloom train FILE'],
    [['sample', 'x', '-primetext', 'a'], '--prime-text'],
    [['checkpoints'], 'charloom checkpoints --help explains it'],
    [['runs', '--zzz'], 'charloom runs --help explains it'],
    [['--json', 'runs'], 'charloom runs --json'],
    [['help', 'trian'], 'Did you mean train?'],
    [['help', 'engine', 'sell'], "Unknown command 'sell'"],
    [['engine', 'sell'], "Unknown command 'sell'"],
    [['engine', 'lsit'], 'Did you mean list?'],
    [['engine', 'zzzz', 'webgpu'], 'charloom help engine lists the commands'],
    [['sweep', 'help', 'statsu'], 'Did you mean status?'],
    [['sweep', 'statsu', 's1'], 'Did you mean status?'],
    [['sweep', 'plna', 's1', 'a.txt', '--vary', 'seed=1,2'], 'Did you mean plan?'],
    [['sweep', 'status', 'my', 'sweep'], 'Put a name with spaces in quotes'],
    [['engine', 'install', 'torch'], 'There are webgpu and tensorflow'],
  ])('%j is refused with a sentence, exit code 2 and silence on stdout', async (words, hint) => {
    const { code, stdout, stderr } = await charloom(words);
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(stderr.toLowerCase()).toContain(hint.toLowerCase());
    expect(stderr).toMatch(/^charloom: [^\n]+\n( {2}[^\n]+\n)?$/);
  });
});
