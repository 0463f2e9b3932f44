import { formatBytes } from '../../shared/format/numbers.ts';
import type { Diagnosis, EngineDiagnosis, GraphicsDiagnosis } from './doctor.ts';
import type { GraphicsCard } from '../tensorflow/diagnosis/graphics.ts';
import { commandRemedies, type EngineRemedies } from './remedies.ts';

/**
 * A diagnosis as lines to read and copy, without names of the user's files.
 * @param remedies how the reader installs engines
 */
export function describeDiagnosis(diagnosis: Diagnosis, remedies = commandRemedies): string {
  const { driver, tools } = diagnosis;
  const { install } = remedies;
  const cards = driver?.cards.map(describeCard).join('; ') ?? '';
  const rows: readonly (readonly [string, string])[] = [
    ['Charloom', `${diagnosis.charloom} on Node.js ${diagnosis.node}, ${diagnosis.platform}`],
    ['Processor', `${diagnosis.processor}, ${diagnosis.cores} cores, ${formatBytes(diagnosis.memoryBytes)}`],
    [
      'Graphics',
      driver === undefined ? "NVIDIA's driver does not respond" : `${cards} (driver ${driver.driver})`,
    ],
    ['Embedded', 'always available; nothing to install'],
    ['WebGPU', describeGraphics(diagnosis.graphics, remedies)],
    ...diagnosis.engines.flatMap(describeEngine),
  ];
  if (diagnosis.engines.length === 0) {
    const missing = [tools.pip ? [] : ['Python with pip'], tools.compiler ? [] : ['a C++ compiler']].flat();
    const ready = missing.length === 0 ? 'can be installed' : `installing it needs ${missing.join(' and ')}`;
    return format([...rows, ['TensorFlow', `not installed; ${ready} (${install})`]]);
  }
  return format(rows);
}

function describeGraphics(
  { host, report, problem }: GraphicsDiagnosis,
  { installWebgpu }: EngineRemedies,
): string {
  if (problem !== undefined) return problem;
  if (report !== undefined) {
    const { label, difference, openMilliseconds } = report;
    const test =
      difference === null ? '' : ` and agrees with the embedded backend to ${difference.toExponential(0)}`;
    return `${label} opens (${Math.round(openMilliseconds)} ms)${test}`;
  }
  return host === 'dawn' ? `not installed; can be installed (${installWebgpu})` : 'none here';
}

function describeEngine(diagnosis: EngineDiagnosis): (readonly [string, string])[] {
  const { engine, report, problem, cards, noGpu, warning } = diagnosis;
  if (report === undefined)
    return [['TensorFlow', `${engine.manifest.version} does not load: ${problem ?? ''}`]];
  const test = `agrees with the embedded backend to ${report.difference.toExponential(0)}`;
  return [
    ['TensorFlow', `${report.version} loads (${Math.round(report.loadMilliseconds)} ms) and ${test}`],
    ['', report.gpu ? `GPU: yes, ${cards.map(describeCard).join('; ')}` : `GPU: no. ${noGpu ?? ''}`],
    ...report.fused.map(({ model, used, reason }) => {
      const name = model.toUpperCase();
      return ['', `${name}: ${used ? "on cuDNN's kernels" : 'step by step'} (${reason})`] as const;
    }),
    ...(warning === undefined ? [] : [['', warning] as const]),
  ];
}

function describeCard({ name, memoryMegabytes, capability }: GraphicsCard): string {
  return `${name}, ${(memoryMegabytes / 1000).toFixed(0)} GB, compute capability ${capability}`;
}

function format(rows: readonly (readonly [string, string])[]): string {
  return rows.map(([name, text]) => `${name.padEnd(12)}${text}`).join('\n');
}
