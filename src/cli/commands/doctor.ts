import type { Command } from 'commander';
import type { Diagnosis, EngineDiagnosis } from '../../host/engines/doctor.ts';
import type { GraphicsCard } from '../../host/engines/graphics.ts';
import { formatBytes } from '../../shared/format/numbers.ts';
import { addCommand, outputFor } from '../command.ts';
import { probeCommand, withCancel } from './engine.ts';

export function addDoctorCommand(program: Command): void {
  addCommand(
    program,
    'doctor',
    'Tell what this machine can train on, and why not on more',
    'Tries every installed engine. The report names no files of yours: it can be copied into a question as it is.',
  ).action(doctor);
}

async function doctor(options: { readonly json?: boolean }): Promise<void> {
  const output = outputFor(options);
  await withCancel(async (signal) => {
    const { diagnose } = await import('../../host/engines/doctor.ts');
    output.status('trying the engines ...');
    const diagnosis = await diagnose(probeCommand(), signal);
    output.status('');
    output.result(asJson(diagnosis), () => asText(diagnosis));
  });
}

function asJson(diagnosis: Diagnosis): unknown {
  return {
    charloom: diagnosis.charloom,
    node: diagnosis.node,
    platform: diagnosis.platform,
    processor: diagnosis.processor,
    cores: diagnosis.cores,
    memory_bytes: diagnosis.memoryBytes,
    engines_folder: diagnosis.enginesFolder,
    driver:
      diagnosis.driver === undefined
        ? null
        : { version: diagnosis.driver.driver, cards: diagnosis.driver.cards.map(cardAsJson) },
    tools: diagnosis.tools,
    engines: diagnosis.engines.map(({ engine, report, problem, cards, noGpu, warning }) => ({
      name: engine.manifest.name,
      kind: engine.manifest.kind,
      version: engine.manifest.version,
      way: engine.manifest.way,
      folder: engine.folder,
      loads: report !== undefined,
      problem: problem ?? null,
      loaded_version: report?.version ?? null,
      gpu: report?.gpu ?? false,
      no_gpu_because: noGpu ?? null,
      warning: warning ?? null,
      cards: cards.map(cardAsJson),
      difference: report?.difference ?? null,
      load_ms: report?.loadMilliseconds ?? null,
    })),
  };
}

function cardAsJson(card: GraphicsCard): unknown {
  return { name: card.name, memory_mb: card.memoryMegabytes, compute_capability: card.capability };
}

function asText(diagnosis: Diagnosis): string {
  const { driver, tools } = diagnosis;
  const cards = driver?.cards.map(describeCard).join('; ') ?? '';
  const rows: readonly (readonly [string, string])[] = [
    ['Charloom', `${diagnosis.charloom} on Node.js ${diagnosis.node}, ${diagnosis.platform}`],
    ['Processor', `${diagnosis.processor}, ${diagnosis.cores} cores, ${formatBytes(diagnosis.memoryBytes)}`],
    [
      'Graphics',
      driver === undefined ? "NVIDIA's driver does not answer" : `${cards} (driver ${driver.driver})`,
    ],
    ['Embedded', 'always there; needs nothing'],
    ...diagnosis.engines.flatMap(describeEngine),
  ];
  if (diagnosis.engines.length === 0) {
    const missing = [tools.pip ? [] : ['Python with pip'], tools.compiler ? [] : ['a C++ compiler']].flat();
    const ready = missing.length === 0 ? 'can be installed' : `installing it needs ${missing.join(' and ')}`;
    return format([
      ...rows,
      ['TensorFlow', `not installed; ${ready} ("charloom engine install tensorflow")`],
    ]);
  }
  return format(rows);
}

function describeEngine(diagnosis: EngineDiagnosis): (readonly [string, string])[] {
  const { engine, report, problem, cards, noGpu, warning } = diagnosis;
  if (report === undefined)
    return [['TensorFlow', `${engine.manifest.version} does not load: ${problem ?? ''}`]];
  const test = `agrees with the embedded backend to ${report.difference.toExponential(0)}`;
  return [
    ['TensorFlow', `${report.version} loads (${Math.round(report.loadMilliseconds)} ms) and ${test}`],
    ['', report.gpu ? `GPU: yes, ${cards.map(describeCard).join('; ')}` : `GPU: no. ${noGpu ?? ''}`],
    ...(warning === undefined ? [] : [['', warning] as const]),
  ];
}

function describeCard({ name, memoryMegabytes, capability }: GraphicsCard): string {
  return `${name}, ${(memoryMegabytes / 1000).toFixed(0)} GB, compute capability ${capability}`;
}

function format(rows: readonly (readonly [string, string])[]): string {
  return rows.map(([name, text]) => `${name.padEnd(12)}${text}`).join('\n');
}
