import type { Command } from 'commander';
import { describeDiagnosis } from '../../node/diagnosis/describe-diagnosis.ts';
import type { Diagnosis } from '../../node/diagnosis/doctor.ts';
import type { GraphicsCard } from '../../node/tensorflow/diagnosis/graphics.ts';
import { addCommand, outputFor } from '../command.ts';
import { ownGraphics } from '../backend.ts';
import { ownProbe } from '../engines/tensorflow.ts';
import { withSuggestedCommands } from '../suggested-command.ts';
import { withCancel } from '../with-cancel.ts';

export function addDoctorCommand(program: Command): void {
  addCommand(
    program,
    'doctor',
    'Report which backends work on this machine, and why others do not',
    'Tests every installed engine. The report contains no names of your files, so it can be pasted into a question.',
  ).action(doctor);
}

async function doctor(options: { readonly json?: boolean }): Promise<void> {
  const output = outputFor(options);
  await withCancel(async (signal) => {
    const { diagnose } = await import('../../node/diagnosis/doctor.ts');
    output.status('testing the engines ...');
    const diagnosis = await diagnose({ probe: await ownProbe(), graphics: ownGraphics() }, signal);
    output.status('');
    output.result(asJson(diagnosis), () => withSuggestedCommands(describeDiagnosis(diagnosis)));
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
    webgpu: graphicsAsJson(diagnosis.graphics),
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
      fused: report?.fused ?? [],
      load_ms: report?.loadMilliseconds ?? null,
    })),
  };
}

function graphicsAsJson({ report, problem }: Diagnosis['graphics']): unknown {
  return {
    works: report !== undefined,
    problem: problem ?? null,
    card: report?.label ?? null,
    driver: report?.driver ?? null,
    difference: report?.difference ?? null,
    open_ms: report?.openMilliseconds ?? null,
  };
}

function cardAsJson(card: GraphicsCard): unknown {
  return { name: card.name, memory_mb: card.memoryMegabytes, compute_capability: card.capability };
}
