import { isResidual, type ModelSpec } from '../../../shared/domain/model-spec.ts';
import type { NetworkOptions } from '../backend.ts';
import type { CellProgram } from './cells/cell.ts';
import { cellPrograms } from './cells/programs.ts';
import { layoutOf, type ParameterLayout } from './layout.ts';
import { planOf, type Plan, type PlanLimits } from './plan.ts';
import { shapeOf, type NetworkShape } from './shape.ts';

/** Everything that decides the shaders and buffers of a network. */
export interface Design {
  readonly spec: ModelSpec;
  readonly options: NetworkOptions;
  readonly shape: NetworkShape;
  readonly layout: ParameterLayout;
  readonly plan: Plan;
  readonly program: CellProgram;
  /** Whether its layers, from the second on, have residual connections. */
  readonly isResidual: boolean;
  readonly drops: boolean;
  /** Whether a layer's output is stored separately from its hidden states. */
  readonly handsOn: boolean;
}

/** Designs a network for a device. */
export function designOf(spec: ModelSpec, options: NetworkOptions, limits: PlanLimits): Design {
  const shape = shapeOf(spec, options);
  const layout = layoutOf(shape);
  const drops = spec.dropout > 0;
  const residual = isResidual(spec);
  return {
    spec,
    options,
    shape,
    layout,
    plan: planOf(shape, layout.floats, limits),
    program: cellPrograms[spec.model],
    isResidual: residual,
    drops,
    handsOn: drops || residual || shape.records,
  };
}
