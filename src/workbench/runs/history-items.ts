import type { Metric } from '../../node/files/metrics.ts';
import type { StepColumns, WatchItem } from '../../shared/domain/run.ts';

/** Steps in one item: a page takes each in a few milliseconds. */
const maxSteps = 5000;

/** Metrics as items of `runs.watch`, steps gathered into columns. */
export function* itemsOf(metrics: readonly Metric[]): Generator<WatchItem> {
  let steps: Extract<Metric, { event: 'step' }>[] = [];
  for (const metric of metrics) {
    if (metric.event === 'step' && steps.length < maxSteps) {
      steps.push(metric);
      continue;
    }
    if (steps.length > 0) yield { kind: 'steps', steps: columnsOf(steps) };
    steps = metric.event === 'step' ? [metric] : [];
    if (metric.event !== 'step') yield itemOf(metric);
  }
  if (steps.length > 0) yield { kind: 'steps', steps: columnsOf(steps) };
}

function itemOf(metric: Exclude<Metric, { event: 'step' }>): WatchItem {
  switch (metric.event) {
    case 'eval':
      return {
        kind: 'evaluation',
        iteration: metric.i,
        epoch: metric.epoch,
        validationLoss: metric.val_loss,
        ...(metric.val_parts === undefined ? {} : { parts: metric.val_parts }),
      };
    case 'explosion':
      return { kind: 'explosion', iteration: metric.i, loss: metric.loss, action: metric.action };
    case 'rollback':
      return { kind: 'rollback', iteration: metric.i };
  }
}

function columnsOf(steps: readonly Extract<Metric, { event: 'step' }>[]): StepColumns {
  return {
    iteration: steps.map(({ i }) => i),
    epoch: steps.map(({ epoch }) => epoch),
    loss: steps.map(({ loss }) => loss),
    learningRate: steps.map(({ rate }) => rate),
    gradientNorm: steps.map((step) => step.gradient_norm),
    milliseconds: steps.map(({ ms }) => ms),
  };
}

/** An item as metrics again, for whoever judges the run while it goes. */
export function metricsOf(item: WatchItem): readonly Metric[] {
  switch (item.kind) {
    case 'steps':
      return item.steps.iteration.map((i, index) => ({
        event: 'step',
        i,
        epoch: item.steps.epoch[index] ?? 0,
        loss: item.steps.loss[index] ?? null,
        rate: item.steps.learningRate[index] ?? 0,
        gradient_norm: item.steps.gradientNorm[index] ?? null,
        parameter_norm: null,
        ms: item.steps.milliseconds[index] ?? 0,
      }));
    case 'evaluation':
      return [
        {
          ...{ event: 'eval', i: item.iteration, epoch: item.epoch, val_loss: item.validationLoss },
          ...(item.parts === undefined ? {} : { val_parts: [...item.parts] }),
        },
      ];
    case 'explosion': {
      const kind = item.loss === null ? 'not-a-number' : 'exploding';
      return [{ event: 'explosion', i: item.iteration, kind, loss: item.loss, action: item.action }];
    }
    case 'rollback':
      return [{ event: 'rollback', i: item.iteration }];
    default:
      return [];
  }
}

/** The steps after an iteration. */
export function stepsAfter(steps: StepColumns, iteration: number): StepColumns {
  const first = steps.iteration.findIndex((value) => value > iteration);
  const from = first < 0 ? steps.iteration.length : first;
  if (from === 0) return steps;
  return {
    iteration: steps.iteration.slice(from),
    epoch: steps.epoch.slice(from),
    loss: steps.loss.slice(from),
    learningRate: steps.learningRate.slice(from),
    gradientNorm: steps.gradientNorm.slice(from),
    milliseconds: steps.milliseconds.slice(from),
  };
}
