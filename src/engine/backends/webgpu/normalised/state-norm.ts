import { normEpsilon } from '../../../../shared/domain/cells.ts';
import type { Design } from '../design.ts';
import { chunkEnd, storeHidden } from '../records.ts';
import type { NetworkShape } from '../shape.ts';
import { readGates } from '../wgsl/gates.ts';
import { float } from '../wgsl/kernel.ts';
import { handOn } from '../wgsl/recurrent-forward.ts';
import { assertGroup } from '../wgsl/recurrent-weights.ts';
import { placesOf } from './places.ts';
import { forEachQuadOfRow, trueUnits, unpadded } from './row-block.ts';
import { gainPlace, placesOfQuad } from './row-places.ts';

/**
 * The LSTM whose cell state is normalised before its tanh: h = o * tanh(LN(c) * gc + bc). The c that is carried is not normalised. Its mean and 1 / deviation
 * are stateScales.x and .y.
 */
export function hasStateNorm({ cell }: NetworkShape): boolean {
  return cell.extraParameters.some(({ name }) => name === 'gc');
}

/** From the sums of the gates to the cell state, in place of the plain cell's code. */
export const newState = `
iGate = sigmoid(iGate);
fGate = sigmoid(fGate);
oGate = sigmoid(oGate);
gGate = squash(gGate);
cell[after] = fma(fGate, cell[before], iGate * gGate);`;

/** Sets the normalised state of four units, and its tanh after gain and bias. */
const normalState = `
let normal = (cell[after] - stateScales.x) * stateScales.y;
let squashed = squash(fma(normal, parameters[gcAt[layer] + quad], parameters[bcAt[layer] + quad]));`;

/** From the cell states of a row to its hidden state. */
export function stateNormForward(design: Design): string {
  const { shape, spec, plan } = design;
  const over = (code: string): string =>
    forEachQuadOfRow(plan.rowBlock, shape, `${placesOfQuad(shape)}\n${code}`);
  return `
var states = vec4f();
${over('states.x += dot(cell[after], vec4f(1f));')}
stateScales.x = rowSums(lane, states).x / ${spec.rnnSize}.0f;
states = vec4f();
${over(`${trueUnits(shape)}
let difference = (cell[after] - stateScales.x)${unpadded(shape, 1, 0)};
states.x += dot(difference, difference);`)}
stateScales.y = 1f / sqrt(rowSums(lane, states).x / ${spec.rnnSize}.0f + ${float(normEpsilon)});
${over(`${normalState}
${readGates(assertGroup(shape, 0), 'gatesAt')}
var made = oGate * squashed;
${storeHidden(shape)}
${handOn(design)}`)}`;
}

/** The gradient that reaches four hidden units of a time step. */
export function throughLater(shape: NetworkShape): string {
  const { normed } = placesOf(shape);
  return `var through = outputGradient[at] + select(normed[${normed.through}u + carried], vec4f(), isLast);`;
}

/** Sets the gradient before the tanh, and the same times the gain. */
const stateGradient = `
let stateGradient = through * oGate * (1f - squashed * squashed);
let share = stateGradient * parameters[gcAt[layer] + quad];`;

/** Sums over a row that the backward pass of the state needs, as stateSums; the gradients of gain and bias are added to those of the row. */
export function stateNormSums({ shape, plan }: Design): string {
  const add = (name: string, value: string): string => {
    const place = `normed[gainsAt + ${gainPlace(shape, name)}u + quad]`;
    return `${place} = select(${place}, vec4f(), ${chunkEnd(shape)}) + ${value};`;
  };
  return `
var stateSums = vec4f();
${forEachQuadOfRow(
  plan.rowBlock,
  shape,
  `${placesOfQuad(shape)}
${throughLater(shape)}
${readGates(assertGroup(shape, 0), 'gatesAt')}
${normalState}
${stateGradient}
stateSums += vec4f(dot(share, vec4f(1f)), dot(share, normal), 0f, 0f);
${add('gc', 'stateGradient * normal')}
${add('bc', 'stateGradient')}`,
)}
stateSums = rowSums(lane, stateSums) / ${shape.spec.rnnSize}.0f;`;
}

/** From the gradient of the hidden state to those of the gates, in place of the plain cell's code. */
export function stateNormBackward(shape: NetworkShape): string {
  return `
${normalState}
${stateGradient}
${trueUnits(shape)}
let throughState = (share - stateSums.x - normal * stateSums.y) * stateScales.y${unpadded(shape, 1, 0)};
let kept = throughState + select(carriedGradient[carried], vec4f(), isLast);
carriedGradient[carried] = kept * fGate;
let i = iGate;
iGate = kept * gGate * i * (1f - i);
fGate = kept * cell[before] * fGate * (1f - fGate);
oGate = through * squashed * oGate * (1f - oGate);
gGate = kept * i * (1f - gGate * gGate);`;
}
