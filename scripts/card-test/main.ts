import { appendFileSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { trainEvent, verifyResult } from '../../src/cli/json-output.ts';
import { sampleText } from '../../src/node/samples/sample-text.ts';
import { charloom, complaintOf, jsonLines, run } from './program.ts';
import { compareResume, resumeCases } from './resume.ts';
import { sizes, smallSizes, speedTable, timeSize, type Timing } from './speed.ts';

/** See scripts/card-test.sh: writes a report in Markdown to standard output, and to a file. */
const parts = ['doctor', 'verify', 'resume', 'train', 'speed'] as const;

const { values } = parseArgs({
  options: {
    backends: { type: 'string', default: 'webgpu,tensorflow' },
    parts: { type: 'string', default: parts.join(',') },
    python: { type: 'string', default: 'python3' },
    output: { type: 'string', default: 'card-test' },
    small: { type: 'boolean', default: false },
  },
});
const small = values.small;
const backends = values.backends.split(',');
mkdirSync(values.output, { recursive: true });
const report = join(values.output, 'report.md');
rmSync(report, { force: true });
const work = mkdtempSync(join(tmpdir(), 'charloom-card-'));

function say(text: string): void {
  console.log(text);
  appendFileSync(report, `${text}\n`);
}

async function doctor(): Promise<void> {
  say('```');
  say((await charloom(['doctor'])).stdout.trim());
  say('```');
}

async function verify(): Promise<void> {
  for (const backend of backends) {
    const answer = await charloom(['verify', '--backend', backend, '--json']);
    const result = verifyResult.safeParse(jsonLines(answer).at(-1));
    if (!result.success) say(`- ${backend}: ${complaintOf(answer)}`);
    else {
      const { passed, fixtures, max_relative_error: worst, device } = result.data;
      const verdict = passed ? 'golden numbers agree' : 'GOLDEN NUMBERS DIFFER';
      say(
        `- ${backend} on ${device}: ${verdict}, ${fixtures.length} networks, worst ${worst?.toExponential(1)}`,
      );
    }
  }
}

async function resume(): Promise<void> {
  const text = await sampleText('alice', work);
  const words = small ? ['--rnn-size', '16', '--batch-size', '10', '--seq-length', '10'] : [];
  for (const backend of backends) {
    for (const each of small ? resumeCases.slice(0, 1) : resumeCases) {
      const folder = join(work, 'resume', backend);
      const task = { text, folder, backend, iterations: small ? 24 : 120, words };
      say(`- ${backend}: ${await compareResume(each, task)}`);
    }
  }
}

/** A run as a user would start it, on the fastest backend. */
async function train(): Promise<void> {
  const text = await sampleText('moby-dick', work);
  const size = small
    ? ['--rnn-size', '16', '--max-iterations', '10', '--eval-every', '10', '--backend', backends[0] ?? '']
    : ['--preset', 'quick'];
  const started = performance.now();
  const answer = await charloom(['train', text, ...size, '--out', join(work, 'train'), '--json']);
  const seconds = ((performance.now() - started) / 1000).toFixed(0);
  const events = jsonLines(answer).flatMap((line) => trainEvent.safeParse(line).data ?? []);
  const device = events.find((event) => event.event === 'start')?.device;
  const loss = events.findLast((event) => event.event === 'eval')?.val_loss;
  const chosen = /^.*Using .*$/m.exec(answer.stderr)?.[0] ?? '';
  say(
    answer.code === 0
      ? `- on ${device}: validation loss ${loss?.toFixed(4)} after ${seconds} s. ${chosen}`
      : `- ${complaintOf(answer)}`,
  );
}

async function speed(): Promise<void> {
  const hasPytorch = await run(values.python, ['-c', 'import torch; assert torch.cuda.is_available()']);
  const python = hasPytorch.code === 0 ? values.python : undefined;
  const sides = [...backends, 'wasm'];
  const timings: Timing[] = [];
  for (const size of small ? smallSizes : sizes) {
    timings.push(await timeSize(size, { backends: sides, steps: small ? 2 : 40, python }));
  }
  say(speedTable(timings, sides));
  for (const complaint of timings.flatMap(({ complaints }) => complaints)) say(`- ${complaint}`);
}

const reports = { doctor, verify, resume, train, speed };
const wanted = new Set(values.parts.split(','));
try {
  say(`# Charloom on this machine's graphics card, ${new Date().toISOString().slice(0, 10)}`);
  for (const part of parts) {
    if (!wanted.has(part)) continue;
    say(`\n## ${part}\n`);
    await reports[part]();
  }
} finally {
  rmSync(work, { recursive: true, force: true });
}
