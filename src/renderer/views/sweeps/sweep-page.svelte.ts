import { valueInWords } from '../../../shared/format/sweep-values.ts';
import type { SweepOverview, SweepTask, SweepTaskState } from '../../../shared/domain/sweep.ts';
import { formatLoss, formatMeasure } from '../../../shared/format/numbers.ts';
import type { Bridge } from '../../../shared/ipc/contract.ts';
import {
  choiceAxis,
  isLetThrough,
  lossCeiling,
  numberAxis,
  type Brush,
  type ParallelAxis,
} from '../../charts/parallel-axes.ts';
import { maxCompared } from '../../stores/run-selection.ts';
import { bestFirst, sortTasks, type TaskSorting } from './sorting.ts';
import { variedSettings, type VariedSetting } from './varied.ts';

/** The key of the axis of the loss, among those of the settings. */
export const lossKey = 'loss';

/** The state of a sweep's page: the sweep, and the user's filters. */
export class SweepPage {
  overview = $state.raw<SweepOverview | null>(null);
  problem = $state.raw<unknown>(null);
  /** Parts of axes that are let through, by axis. */
  brushes = $state.raw<Readonly<Record<string, Brush>>>({});
  /** Empty: all. */
  state = $state<SweepTaskState | ''>('');
  sorting = $state.raw<TaskSorting>(bestFirst);
  /** Names of runs that are to be compared. */
  ticked = $state.raw<readonly string[]>([]);

  readonly tasks = $derived(this.overview?.tasks ?? []);
  readonly varied = $derived(this.overview === null ? [] : variedSettings(this.overview));
  readonly axes = $derived(axesOf(this.varied, this.tasks));
  /** The tasks that every brush lets through and that have the chosen state. */
  readonly found = $derived(this.tasks.filter((task) => this.#isFound(task)));
  readonly rows = $derived(sortTasks(this.found, this.sorting));
  readonly isNarrow = $derived(this.state !== '' || Object.keys(this.brushes).length > 0);
  readonly best = $derived(this.tasks.find(({ index }) => index === this.overview?.best));
  /** Tasks that differ from the best only by chance, lowest loss first. */
  readonly rivals = $derived(
    sortTasks(
      this.tasks.filter(({ index }) => this.overview?.withinChance.includes(index)),
      bestFirst,
    ),
  );

  /** Watches a sweep until the returned function is called. */
  watch(bridge: Bridge, sweep: string): () => void {
    const stream = bridge.open('sweeps.watch', { sweep }, (overview) => {
      this.overview = overview;
      this.problem = null;
    });
    stream.ended.catch((error: unknown) => (this.problem = error));
    return () => stream.close();
  }

  brush(key: string, brush: Brush | undefined): void {
    const others = Object.entries(this.brushes).filter(([other]) => other !== key);
    this.brushes = Object.fromEntries(brush === undefined ? others : [...others, [key, brush]]);
  }

  showAll(): void {
    this.brushes = {};
    this.state = '';
  }

  /** Ticks or unticks a run; beyond the number that can be compared, the first is unticked. */
  tick(run: string): void {
    this.ticked = this.ticked.includes(run)
      ? this.ticked.filter((other) => other !== run)
      : [...this.ticked, run].slice(-maxCompared);
  }

  #isFound(task: SweepTask): boolean {
    if (this.state !== '' && task.state !== this.state) return false;
    return this.axes.every((axis) => {
      const brush = this.brushes[axis.key];
      return brush === undefined || isLetThrough(axis.placeOf(axisValue(task, axis.key)), brush);
    });
  }
}

/** The value of a task on an axis. */
export function axisValue({ changes, loss }: SweepTask, key: string): unknown {
  return key === lossKey ? loss : changes[key];
}

function axesOf(varied: readonly VariedSetting[], tasks: readonly SweepTask[]): readonly ParallelAxis[] {
  const losses = tasks.map(({ loss }) => loss).filter((loss) => loss !== null);
  const settings = varied.map((setting) => axisOf(setting, tasks));
  if (losses.length === 0) return settings;
  const options = { isLogarithmic: false, format: formatLoss, maximum: lossCeiling(losses) };
  return [...settings, numberAxis({ key: lossKey, title: 'Validation loss', values: losses, ...options })];
}

function axisOf({ key, title, isNumber, isLogarithmic }: VariedSetting, tasks: readonly SweepTask[]) {
  const values = [...new Set(tasks.map(({ changes }) => changes[key]))].filter(
    (value) => value !== undefined,
  );
  if (!isNumber)
    return choiceAxis(
      key,
      title,
      values.map((value) => ({ value, label: valueInWords(key, value) })),
    );
  return numberAxis({
    key,
    title,
    isLogarithmic,
    values: values.filter((value) => typeof value === 'number'),
    format: (value) => valueInWords(key, Number(value.toPrecision(4))) || formatMeasure(value),
  });
}
