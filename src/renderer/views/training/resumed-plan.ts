import {
  formatCount,
  formatMeasure,
  plannedEpochsInWords,
  formatQuantity,
} from '../../../shared/format/numbers.ts';
import type { RunSettings } from '../../../shared/domain/run-settings.ts';
import type { Run } from '../../../shared/domain/run.ts';
import { nextLearningRate, type RatePlan } from '../../../shared/planning/learning-rate.ts';
import type { ResumeForm } from './resume.ts';

/** How long the run becomes; null for one that has not started, which does not know its iterations. */
export function resumedPlan({ iterationsPerEpoch, spec }: Run, form: ResumeForm): RatePlan | null {
  if (spec === null || iterationsPerEpoch === 0) return null;
  const whole = iterationsPerEpoch * form.epochs;
  const iterations = form.maxIterations > 0 ? Math.min(whole, form.maxIterations) : whole;
  return { iterations, iterationsPerEpoch };
}

/** Where the run ends, and by which of the two ends. */
export function lengthSentence(run: Run, form: ResumeForm): string | null {
  const plan = resumedPlan(run, form);
  if (plan === null) return null;
  const end = `iteration ${formatCount(plan.iterations)} (${plannedEpochsInWords(plan)})`;
  if (plan.iterations <= run.iteration) {
    return `It has already reached ${end}: there is nothing left to train. Raise the ${limits(plan, form) ? 'maximum of iterations' : 'number of epochs'}.`;
  }
  const left = formatQuantity(plan.iterations - run.iteration, 'more iteration');
  return limits(plan, form)
    ? `It trains for ${left} and ends at ${end}, because the maximum of iterations comes before the end of epoch ${formatCount(form.epochs)}.`
    : `It trains for ${left} and ends at ${end}.`;
}

function limits({ iterations, iterationsPerEpoch }: RatePlan, { epochs }: ResumeForm): boolean {
  return iterations < iterationsPerEpoch * epochs;
}

/** How the run continues and with which learning rate, in one or two sentences that follow the form. */
export function continuationSentence(run: Run, form: ResumeForm): string {
  const plan = resumedPlan(run, form);
  const { settings } = run;
  if (plan === null || settings === null)
    return 'The run has not started yet. It joins the queue again, with these settings.';
  if (plan.iterations <= run.iteration) return `It ended after iteration ${formatCount(run.iteration)}.`;
  const place = `ended, after iteration ${formatCount(run.iteration)}, with the same state`;
  const change = rateChange(run, settings, form, plan);
  return change === null
    ? `It continues exactly where it ${place}, learning rate and random numbers, as if it had never stopped.`
    : `It continues where it ${place} and random numbers. ${change}`;
}

/** What becomes of the learning rate; null where it continues as planned. */
function rateChange(run: Run, settings: RunSettings, form: ResumeForm, plan: RatePlan): string | null {
  const { learningRate } = form;
  if (settings.schedule === 'epochs') {
    if (learningRate === settings.learningRate) return null;
    return `The learning rate is ${formatMeasure(learningRate)} from the next iteration and decays from there.`;
  }
  const before = rateAt(run, settings, run);
  const after = rateAt(run, { ...settings, learningRate }, plan);
  const isSamePlan =
    plan.iterations === run.iterations || (settings.schedule === 'constant' && after === before);
  if (isSamePlan && learningRate === settings.learningRate) return null;
  const way = after > before ? 'rises to' : after < before ? 'falls to' : 'keeps';
  if (settings.schedule === 'constant')
    return `The learning rate ${way} ${formatMeasure(after)} from the next iteration.`;
  const which =
    plan.iterations > run.iterations
      ? 'longer plan'
      : plan.iterations < run.iterations
        ? 'shorter plan'
        : 'new plan';
  return `The learning rate ${way} its value in the ${which}, which reaches zero at iteration ${formatCount(plan.iterations)}.`;
}

/** The learning rate of the next iteration, or of the last if the plan has no next. Explosions halve it in both plans alike. */
function rateAt({ iteration }: Run, settings: RunSettings, plan: RatePlan): number {
  const done = Math.max(0, Math.min(iteration, plan.iterations - 1));
  return nextLearningRate(
    { iteration: done, learningRate: settings.learningRate, recoveries: 0 },
    settings,
    plan,
  );
}
