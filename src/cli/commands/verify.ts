import { readFile } from 'node:fs/promises';
import { basename } from 'node:path';
import type { Command } from 'commander';
import type { Fixture } from '../../engine/verification/fixture.ts';
import type { VerifyReport } from '../../engine/verification/verify.ts';
import { CharloomError } from '../../shared/errors.ts';
import { formatTable } from '../../shared/format/tables.ts';
import { addBackendOptions, startBackend, type BackendOptions } from '../backend.ts';
import { addCommand, outputFor } from '../command.ts';
import type { VerifyResult } from '../json-output.ts';

interface VerifyOptions extends BackendOptions {
  readonly fixture?: string;
  readonly json?: boolean;
}

const details =
  'Replays a few training steps whose results are known in double precision, and reports the largest error.\n' +
  'Exits with 1 if the largest relative error is above 0.001.';

export function addVerifyCommand(program: Command): void {
  addBackendOptions(addCommand(program, 'verify', 'Check that this machine computes correctly', details))
    .option('--fixture <file>', 'golden numbers to replay instead of the bundled ones (JSON)')
    .action(verify);
}

async function verify(options: VerifyOptions): Promise<void> {
  const output = outputFor(options);
  const { verifyBackend, verifyTolerance, worstError } = await import('../../engine/verification/verify.ts');
  const fixtures = await readFixtures(options.fixture);
  const backend = await startBackend(options);
  try {
    const reports: { readonly name: string; readonly report: VerifyReport }[] = [];
    for (const { name, fixture } of fixtures) {
      reports.push({ name, report: await verifyBackend(backend, fixture) });
    }
    const passed = reports.every(({ report }) => worstError(report) <= verifyTolerance);
    const result: VerifyResult = {
      backend: backend.info.name,
      device: backend.info.device,
      tolerance: verifyTolerance,
      passed,
      max_relative_error: Math.max(...reports.map(({ report }) => worstError(report))),
      fixtures: reports.map(({ name, report }) => fixtureResult(name, report)),
    };
    output.result(result, () => asText(result));
    if (!passed) {
      throw new CharloomError('check-failed', `The results are off by more than ${verifyTolerance}.`, {
        fix: 'Models trained here would be wrong; choose another --backend or --threads.',
      });
    }
  } finally {
    backend.dispose();
  }
}

async function readFixtures(
  file: string | undefined,
): Promise<readonly { readonly name: string; readonly fixture: Fixture }[]> {
  if (file === undefined) return (await import('../../engine/verification/bundled.ts')).bundledFixtures();
  const { parseFixture } = await import('../../engine/verification/fixture.ts');
  const text = await readFile(file, 'utf8').catch((cause: unknown) => {
    throw new CharloomError('not-found', `${file} cannot be read.`, { cause });
  });
  return [{ name: basename(file), fixture: parseFixture(parseJson(text, file)) }];
}

function parseJson(text: string, file: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new CharloomError('bad-setting', `${file} is not JSON.`, { cause });
  }
}

function fixtureResult(fixture: string, report: VerifyReport): VerifyResult['fixtures'][number] {
  const { loss, gradients, finalState, parameters, average } = report;
  return {
    ...{ fixture, loss, gradients, state: finalState, parameters },
    ...(average === undefined ? {} : { average }),
  };
}

function asText(result: VerifyResult): string {
  const columns = [
    'golden numbers',
    'loss',
    'gradients',
    'final state',
    'updated parameters',
    'their average',
  ];
  const rows = result.fixtures.map(({ fixture, loss, gradients, state, parameters, average }) => [
    fixture,
    ...[loss, gradients, state, parameters, average].map((error) =>
      error === undefined ? '' : (error ?? Infinity).toExponential(1),
    ),
  ]);
  const table = formatTable(
    columns.map((title, index) => ({ title, align: index === 0 ? 'left' : 'right' })),
    rows,
  );
  const verdict = result.passed ? 'correct' : 'WRONG';
  return `Largest relative errors on ${result.backend} (${result.device}):\n${table}\n${verdict}: at most ${result.tolerance} is allowed`;
}
