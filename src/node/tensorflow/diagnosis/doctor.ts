import { availableParallelism, cpus, totalmem } from 'node:os';
import { cudnnFails } from '../../../engine/backends/tensorflow/recurrence-choice.ts';
import { CharloomError } from '../../../shared/errors.ts';
import { charloomVersion } from '../../../shared/version.ts';
import { findCompiler } from '../installation/compile.ts';
import { findPip } from '../installation/pip.ts';
import { enginesFolder, listEngines, type InstalledEngine } from '../installation/engine-folder.ts';
import {
  askDriver,
  cardsFromLog,
  cudnnComplaint,
  explainNoGpu,
  warnAboutCard,
  type DriverReport,
  type GraphicsCard,
} from './graphics.ts';
import { probeEngine, type ProbeReport, type ProbeRun } from './probe.ts';
import { commandRemedies, type EngineRemedies } from './remedies.ts';

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

/** Everything that explains why the arithmetic runs where it runs. */
export interface Diagnosis {
  readonly charloom: string;
  readonly node: string;
  readonly platform: string;
  readonly processor: string;
  readonly cores: number;
  readonly memoryBytes: number;
  readonly enginesFolder: string;
  readonly engines: readonly EngineDiagnosis[];
  /** What NVIDIA's tool says, if it is there. */
  readonly driver: DriverReport | undefined;
  /** What installing an engine needs. */
  readonly tools: { readonly pip: boolean; readonly compiler: boolean };
}

/**
 * Looks at the machine and tries every installed engine.
 * @param remedies how the reader installs engines
 */
export async function diagnose(
  probe: ProbeRun,
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
    cores: availableParallelism(),
    memoryBytes: totalmem(),
    enginesFolder: enginesFolder(),
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

/** A kernel that failed says why in the log alone. */
function withComplaint(report: ProbeReport, complaint: string | undefined): ProbeReport {
  if (complaint === undefined) return report;
  const fused = report.fused.map((kernel) =>
    kernel.reason.startsWith(cudnnFails) ? { ...kernel, reason: `${cudnnFails}: ${complaint}` } : kernel,
  );
  return { ...report, fused };
}

async function succeeds(attempt: Promise<unknown>): Promise<boolean> {
  return attempt.then(
    () => true,
    () => false,
  );
}
