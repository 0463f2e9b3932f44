import { cpus, totalmem } from 'node:os';
import { cudnnFails } from '../../engine/backends/tensorflow/recurrence-choice.ts';
import { CharloomError, describeProblem } from '../../shared/errors.ts';
import { charloomVersion } from '../../shared/version.ts';
import type { GraphicsSource } from '../backend/graphics-source.ts';
import type { CardReport } from '../webgpu/card-probe.ts';
import { findCompiler } from '../tensorflow/installation/compile.ts';
import { findPip } from '../tensorflow/installation/pip.ts';
import { enginesFolder } from '../engines/engines-folder.ts';
import { listEngines, type InstalledEngine } from '../tensorflow/installation/engine-folder.ts';
import {
  askDriver,
  cardsFromLog,
  cudnnComplaint,
  explainNoGpu,
  warnAboutCard,
  type DriverReport,
  type GraphicsCard,
} from '../tensorflow/diagnosis/graphics.ts';
import { probeEngine, type ProbeReport, type ProbeRun } from '../tensorflow/diagnosis/probe.ts';
import { commandRemedies, type EngineRemedies } from './remedies.ts';
import { usableCores } from '../threads.ts';

/** One engine, tried in a child process. */
export interface EngineDiagnosis {
  readonly engine: InstalledEngine;
  /** Absent when the engine does not load. */
  readonly report: ProbeReport | undefined;
  /** Why it does not load. */
  readonly problem: string | undefined;
  readonly cards: readonly GraphicsCard[];
  /** Why no card is used; undefined when one is. */
  readonly noGpu: string | undefined;
  readonly warning: string | undefined;
}

/** WebGPU, tested in a separate process. */
export interface GraphicsDiagnosis {
  readonly host: GraphicsSource['host'];
  /** Absent where there is none, or none that works. */
  readonly report: CardReport | undefined;
  /** Why an existing one does not work. */
  readonly problem: string | undefined;
}

/** Everything that explains which device does the arithmetic, and why. */
export interface Diagnosis {
  readonly charloom: string;
  readonly node: string;
  readonly platform: string;
  readonly processor: string;
  readonly cores: number;
  readonly memoryBytes: number;
  readonly enginesFolder: string;
  readonly graphics: GraphicsDiagnosis;
  readonly engines: readonly EngineDiagnosis[];
  /** The output of NVIDIA's tool, if it is installed. */
  readonly driver: DriverReport | undefined;
  /** What installing an engine needs. */
  readonly tools: { readonly pip: boolean; readonly compiler: boolean };
}

/**
 * Looks at the machine and tries every installed engine.
 * @param remedies how the reader installs engines
 */
export async function diagnose(
  { probe, graphics }: { readonly probe: ProbeRun; readonly graphics: GraphicsSource },
  signal: AbortSignal,
  remedies: EngineRemedies = commandRemedies,
): Promise<Diagnosis> {
  const engines = await listEngines();
  const diagnoses: EngineDiagnosis[] = [];
  for (const engine of engines) diagnoses.push(await diagnoseEngine(engine, probe, signal, remedies));
  return {
    charloom: charloomVersion,
    node: process.versions.node,
    platform: `${process.platform}-${process.arch}`,
    processor: cpus()[0]?.model.trim() ?? 'unknown',
    cores: usableCores(),
    memoryBytes: totalmem(),
    enginesFolder: enginesFolder(),
    graphics: await diagnoseGraphics(graphics, signal),
    engines: diagnoses,
    driver: await askDriver(signal),
    tools: {
      pip: await succeeds(findPip(signal)),
      compiler: await succeeds(findCompiler(signal)),
    },
  };
}

async function diagnoseEngine(
  engine: InstalledEngine,
  probe: ProbeRun,
  signal: AbortSignal,
  remedies: EngineRemedies,
): Promise<EngineDiagnosis> {
  try {
    const { report, log } = await probeEngine(engine, probe, signal);
    return {
      engine,
      report: withComplaint(report, cudnnComplaint(log)),
      problem: undefined,
      cards: cardsFromLog(log),
      noGpu: report.gpu ? undefined : explainNoGpu(engine.manifest.kind, log, remedies),
      warning: warnAboutCard(log),
    };
  } catch (error) {
    if (!(error instanceof CharloomError) || error.code === 'cancelled') throw error;
    const problem = error.fix === undefined ? error.message : `${error.message} ${error.fix}`;
    return { engine, report: undefined, problem, cards: [], noGpu: undefined, warning: undefined };
  }
}

/** The reason why a kernel failed is in the log only. */
function withComplaint(report: ProbeReport, complaint: string | undefined): ProbeReport {
  if (complaint === undefined) return report;
  const fused = report.fused.map((kernel) =>
    kernel.reason.startsWith(cudnnFails) ? { ...kernel, reason: `${cudnnFails}: ${complaint}` } : kernel,
  );
  return { ...report, fused };
}

async function diagnoseGraphics(graphics: GraphicsSource, signal: AbortSignal): Promise<GraphicsDiagnosis> {
  const { host } = graphics;
  try {
    return { host, report: (await graphics.test(signal)) ?? undefined, problem: undefined };
  } catch (error) {
    if (signal.aborted) throw error;
    return { host, report: undefined, problem: describeProblem(error) };
  }
}

async function succeeds(attempt: Promise<unknown>): Promise<boolean> {
  return attempt.then(
    () => true,
    () => false,
  );
}
