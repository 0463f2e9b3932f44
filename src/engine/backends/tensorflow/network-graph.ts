import { cellOf, groupSizes } from '../../../shared/domain/cells.ts';
import { averagePrefix } from '../../../shared/domain/model-tensors.ts';
import type { ModelSpec } from '../../../shared/domain/model-spec.ts';
import { optimizers } from '../../../shared/domain/optimizers.ts';
import type { NetworkOptions } from '../backend.ts';
import { cellWriters } from './cells/writers.ts';
import { fusedLayers } from './fused-layer.ts';
import { writeEvaluation } from './evaluation-graph.ts';
import { declareStates } from './graph-context.ts';
import { cudnnRecurrence, type FusedRecurrence } from './graph/fused-recurrence.ts';
import { Graph } from './graph/graph.ts';
import { Operations } from './graph/operations.ts';
import { Variables } from './graph/variables.ts';
import type { OptimizerVariables } from './optimizer.ts';
import { declareParameters } from './parameters.ts';
import type { GraphPlan } from './plan.ts';
import { stepwiseLayers } from './stepwise-layer.ts';
import { writeTraining } from './training-graph.ts';
import { addTransfers } from './transfers.ts';

/** A network as one TensorFlow graph: training, evaluation, and the import and export of tensors. */
export interface NetworkGraph {
  readonly savedModel: Uint8Array;
  /** Bytes of all variables. */
  readonly variableBytes: number;
  readonly nodes: number;
}

/** Makes the kernel that a plan with fused recurrence uses. */
export type FusedKernel = (tf: Operations) => FusedRecurrence;

/** Writes the graph of a network. */
export function buildNetworkGraph(
  spec: ModelSpec,
  options: NetworkOptions,
  plan: GraphPlan,
  fusedKernel: FusedKernel = cudnnRecurrence,
): NetworkGraph {
  const graph = new Graph();
  const tf = new Operations(graph);
  const variables = new Variables(graph);
  const parameters = declareParameters(variables, spec);
  const optimizer: OptimizerVariables = {
    parameters,
    slots: new Map(
      optimizers[options.optimizer.kind].slots.map((slot) => [
        slot,
        declareParameters(variables, spec, `optimizer.${slot}.`),
      ]),
    ),
    average: options.averaging ? declareParameters(variables, spec, averagePrefix) : undefined,
    gradients: declareParameters(variables, spec, 'gradient.'),
  };
  const stepwise = stepwiseLayers(tf, {
    cell: cellWriters[spec.model].write(tf, spec.rnnSize),
    groups: groupSizes(cellOf(spec)),
    symbols: plan.symbols,
  });
  const runLayer = plan.recurrence === 'fused' ? fusedLayers(tf, fusedKernel(tf), spec) : stepwise;
  const writer = { tf, variables, model: { spec, runLayer }, options, plan };
  const state = declareStates(writer, options.batchSize, '');
  writeTraining(writer, state, optimizer);
  writeEvaluation(writer, optimizer);
  addTransfers(tf, optimizer, state);
  return { savedModel: graph.toSavedModel(), variableBytes: variables.bytes, nodes: graph.size };
}
