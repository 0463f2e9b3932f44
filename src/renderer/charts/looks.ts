import type { CurveLook } from './curve.ts';

/** Each run of a comparison has its own colour, dash and marker, so that any one of them is enough to distinguish two. */
export const runLooks: readonly CurveLook[] = [
  { colour: '--series-1', dash: [], marker: 'circle', width: 2, opacity: 1 },
  { colour: '--series-2', dash: [8, 4], marker: 'rectRot', width: 2, opacity: 1 },
  { colour: '--series-3', dash: [2, 3], marker: 'triangle', width: 2, opacity: 1 },
  { colour: '--series-4', dash: [12, 4, 2, 4], marker: 'rect', width: 2, opacity: 1 },
  { colour: '--series-5', dash: [5, 2], marker: 'star', width: 2, opacity: 1 },
  { colour: '--series-6', dash: [1, 4], marker: 'cross', width: 2, opacity: 1 },
];

export function runLook(index: number): CurveLook {
  return runLooks[index % runLooks.length] ?? trainLook;
}

/** The training loss of a run in a comparison: thin, so that the validation loss stays in front. */
export function thinLook(look: CurveLook): CurveLook {
  return { ...look, marker: 'none', width: 1, opacity: 0.6 };
}

export const trainLook: CurveLook = { colour: '--train', dash: [], marker: 'none', width: 2.25, opacity: 1 };
/** Always visible under the smoothed line. */
export const rawLook: CurveLook = { colour: '--train', dash: [], marker: 'none', width: 1, opacity: 0.4 };
export const validationLook: CurveLook = {
  colour: '--validation',
  dash: [7, 4],
  marker: 'rectRot',
  width: 2,
  opacity: 1,
};
