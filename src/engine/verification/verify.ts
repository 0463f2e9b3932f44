import type { Backend, TensorMap, TrainingNetwork } from '../backends/backend.ts';
import { stateShapes } from '../../shared/domain/model-tensors.ts';
import { averageOf } from '../model/averaged-weights.ts';
import { correctedWeight } from '../training/averaging.ts';
import { fixtureSpec, fixtureTensors, type Fixture } from './fixture.ts';

/** The largest relative error of each kind of number over all steps. */
export interface VerifyReport {
  readonly loss: number;
  readonly gradients: number;
  readonly finalState: number;
  readonly parameters: number;
  /** Present if the fixture has an average of the weights. */
  readonly average?: number;
}

/**
 * A backend passes if every error is at most this. Float32 stays several hundred times below it on plain cells, and three times below it on the
 * golden numbers of normalised ones: their three units are often nearly equal, and normalisation then amplifies earlier rounding errors (a change of
 * 1e-7 in the parameters moves gradients by up to 2e-5 within one step).
 */
export const verifyTolerance = 1e-3;

/** The largest error of a report. */
export function worstError(report: VerifyReport): number {
  return Math.max(report.loss, report.gradients, report.finalState, report.parameters, report.average ?? 0);
}

/**
 * Largest error of a tensor relative to its largest element: max |a - b| / max |b|. Not element by element: every element is a sum, float32 rounds
 * the terms, and where they cancel the sum keeps their rounding but not their size. So an element a thousandth of the largest can have three fewer
 * correct digits even if everything is computed correctly. NaN anywhere counts as an infinite error.
 */
function relativeError(actual: Float32Array, expected: readonly number[]): number {
  const scale = expected.reduce((largest, value) => Math.max(largest, Math.abs(value)), 1e-30);
  return expected.reduce((worst, value, index) => {
    const error = Math.abs((actual[index] ?? NaN) - value) / scale;
    return Number.isNaN(error) ? Infinity : Math.max(worst, error);
  }, 0);
}

function worstOf(actual: TensorMap, expected: Readonly<Record<string, number[] | number[][]>>): number {
  return Object.entries(expected).reduce((worst, [name, values]) => {
    const tensor = actual.get(name);
    return Math.max(worst, tensor === undefined ? Infinity : relativeError(tensor.data, values.flat()));
  }, 0);
}

/** Largest error of the carried state after a step; order in the fixture: layer, then h and c. */
async function stateError(network: TrainingNetwork, expected: readonly number[][][][]): Promise<number> {
  const tensors = await network.exportTensors();
  const parts = expected.flat();
  return stateShapes(network.spec, network.options.batchSize).reduce((worst, { name }, index) => {
    const tensor = tensors.get(name);
    const values = parts[index]?.flat();
    if (tensor === undefined || values === undefined) return Infinity;
    return Math.max(worst, relativeError(tensor.data, values));
  }, 0);
}

/** Replays a fixture on a backend and reports the errors. */
export async function verifyBackend(backend: Backend, fixture: Fixture): Promise<VerifyReport> {
  const { average } = fixture;
  const network = await backend.createNetwork(fixtureSpec(fixture), {
    batchSize: fixture.batch,
    sequenceLength: fixture.seq,
    optimizer: { kind: 'rmsprop', decayRate: fixture.alpha, weightDecay: 0 },
    clip: { by: 'element', bound: fixture.clamp },
    dropoutSeed: 0,
    weightDrop: 0,
    averaging: average !== undefined,
    records: false,
  });
  try {
    await network.importTensors(fixtureTensors(fixture, fixture.params));
    const report = { loss: 0, gradients: 0, finalState: 0, parameters: 0 };
    for (const [index, step] of fixture.steps.entries()) {
      const batch = {
        x: Int32Array.from((fixture.x[index] ?? []).flat()),
        y: Int32Array.from((fixture.y[index] ?? []).flat()),
      };
      const { loss } = await network.trainStep(batch, {
        iteration: index + 1,
        learningRate: fixture.learning_rate,
        averageWeight: average === undefined ? 0 : correctedWeight(average, index + 1),
      });
      report.loss = Math.max(report.loss, relativeError(Float32Array.of(loss), [step.loss]));
      report.gradients = Math.max(
        report.gradients,
        worstOf(await network.exportGradients(), step.gradients_before_clamp),
      );
      report.finalState = Math.max(report.finalState, await stateError(network, step.final_state));
    }
    const tensors = await network.exportTensors();
    report.parameters = worstOf(tensors, fixture.params_after);
    if (fixture.averaged_after === undefined) return report;
    return { ...report, average: worstOf(averageOf(tensors), fixture.averaged_after) };
  } finally {
    network.dispose();
  }
}
