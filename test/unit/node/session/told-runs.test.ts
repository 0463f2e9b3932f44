import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { Output, type OutputStreams } from '../../../../src/cli/output.ts';
import { JsonReporter } from '../../../../src/cli/train/json-reporter.ts';
import { TextReporter } from '../../../../src/cli/train/text-reporter.ts';
import { readMetrics } from '../../../../src/runs/history.ts';
import { judgeRun } from '../../../../src/runs/verdict.ts';
import { root } from '../../../support/processes.ts';
import { comparable, play, readComparable, scripts } from '../../../support/scripted-run.ts';
import { temporaryFolder, wordyText, writeText } from '../../../support/texts.ts';

type Name = keyof typeof scripts;
/** Lines of a run's files and of what the command line prints, without moments, durations and places. */
interface Golden {
  readonly metrics: readonly string[];
  readonly log: readonly string[];
  readonly json: readonly string[];
  readonly words: readonly string[];
}

/** Written by Charloom before its events had one form: what scripts and people read of the same work has stayed the same to the byte, but for the line of the plan. */
const golden = JSON.parse(readFileSync(join(root, 'test/fixtures/told-runs.json'), 'utf8')) as Readonly<
  Record<Name, Golden>
>;

const folder = temporaryFolder('told');
const text = writeText(folder, 'words.txt', wordyText(2000));

async function run(name: Name, json: boolean): Promise<Golden> {
  let printed = '';
  const stream: OutputStreams['stdout'] = {
    write: (words: string | Uint8Array) => (printed += String(words)) !== '',
    once: () => stream as never,
  };
  const output = new Output(json, { stdout: stream, stderr: stream });
  const reporter = json ? new JsonReporter(output, 'words.txt') : new TextReporter(output, 'words.txt');
  const outcome = await play(scripts[name], text, join(folder, `${name}-${json}`), reporter);
  const { folder: path, end, iteration, best } = outcome;
  reporter.done({
    run: path,
    runArgument: 'quick',
    end: end === 'suspended' ? 'stopped' : end,
    iteration,
    best,
    verdict: judgeRun(await readMetrics(path)),
    isSaved: true,
  });
  const lines = comparable(printed, path, text);
  return {
    metrics: readComparable('metrics.jsonl', path, text),
    log: readComparable('log.txt', path, text),
    json: json ? lines : golden[name].json,
    words: json ? golden[name].words : lines,
  };
}

// A suggested command starts like the program was called; the recorded ones were called through npx.
beforeAll(() => vi.stubEnv('npm_command', 'exec'));
afterAll(() => vi.unstubAllEnvs());

describe.each(Object.keys(scripts) as Name[])('a run that %s', (name) => {
  test.each([
    ['as JSON', true],
    ['in words', false],
  ])('is written and reported as usual, %s', async (_, json) => {
    expect(await run(name, json)).toEqual(golden[name]);
  });
});
