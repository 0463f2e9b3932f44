import { valueInWords } from '../../../shared/format/sweep-values.ts';
import type { SweepTask } from '../../../shared/domain/sweep.ts';
import type { ScatterContent, ScatterGroup, ScatterPoint } from '../../charts/scatter-chart.ts';
import type { SweepPage } from './sweep-page.svelte.ts';
import type { VariedSetting } from './varied.ts';

type Page = Pick<SweepPage, 'tasks' | 'found' | 'overview'>;

/** The losses of a sweep over one of its settings: filtered-out runs are faint, the best stands out. */
export function scatterOf(setting: VariedSetting, page: Page, maximum: number): ScatterContent {
  const { key, title, isNumber, isLogarithmic } = setting;
  const found = new Set(page.found.map(({ index }) => index));
  const measured = page.tasks.filter(({ loss, changes }) => loss !== null && changes[key] !== undefined);
  const { best = null, withinChance = [] } = page.overview ?? {};
  const group = (fits: (task: SweepTask) => boolean, look: Omit<ScatterGroup, 'points'>): ScatterGroup => ({
    ...look,
    points: measured.filter(fits).map((task) => pointOf(task, setting)),
  });
  const isFound = ({ index }: SweepTask): boolean => found.has(index);
  const isRival = ({ index }: SweepTask): boolean => withinChance.includes(index);
  const isBest = ({ index }: SweepTask): boolean => index === best;
  const isPlain = (task: SweepTask): boolean => isFound(task) && !isRival(task) && !isBest(task);
  const labels = isNumber ? [] : [...new Set(measured.map(({ changes }) => valueInWords(key, changes[key])))];
  return {
    maximum,
    x: { title, scale: !isNumber ? 'choices' : isLogarithmic ? 'logarithmic' : 'linear', labels },
    groups: [
      group((task) => !isFound(task), look('--line-strong', 'circle', 3, 0.5)),
      group((task) => isPlain(task) && task.state !== 'finished', look('--series-4', 'triangle', 4, 0.7)),
      group((task) => isPlain(task) && task.state === 'finished', look('--series-1', 'circle', 4, 0.6)),
      group((task) => isFound(task) && isRival(task), look('--series-1', 'circle', 5, 1)),
      group((task) => isFound(task) && isBest(task), look('--good', 'rectRot', 7, 1)),
    ],
  };
}

function look(
  colour: string,
  marker: ScatterGroup['marker'],
  radius: number,
  opacity: number,
): Omit<ScatterGroup, 'points'> {
  return { colour, marker, radius, opacity };
}

function pointOf({ run, loss, changes }: SweepTask, { key, isNumber }: VariedSetting): ScatterPoint {
  return { id: run, x: isNumber ? Number(changes[key]) : valueInWords(key, changes[key]), y: loss ?? 0 };
}
