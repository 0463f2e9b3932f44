/**
 * The running average of the weights: average += w * (parameters - average) after every iteration. With the w below it is always a complete average,
 * whatever its initial value, and can be used directly.
 */

/**
 * w of an exponential average with this decay after `iteration` iterations, with bias correction (Kingma and Ba 2015, arXiv 1412.6980, section 3): of
 * A = decay * A + (1 - decay) * P from zero, divided by 1 - decay^t.
 */
export function correctedWeight(decay: number, iteration: number): number {
  return (1 - decay) / (1 - decay ** iteration);
}

/**
 * w in a run: the average covers about a tenth of the iterations done, so that the poor early weights are soon forgotten, and at most
 * 1 / (1 - decay) iterations.
 */
export function averageWeight(decay: number, iteration: number): number {
  return Math.min(1, Math.max(correctedWeight(decay, iteration), 10 / (9 + iteration)));
}
