import type { SessionHooks } from './session-types.ts';

/** Calls two hooks with the same events. */
export function bothHooks(one: SessionHooks, other: SessionHooks): SessionHooks {
  const all = [one, other];
  return {
    onReading: (fraction) => all.forEach((each) => each.onReading?.(fraction)),
    onVocabulary: (use, unknown) => all.forEach((each) => each.onVocabulary?.(use, unknown)),
    onStart: (start) => all.forEach((each) => each.onStart?.(start)),
    onEvent: (event) => all.forEach((each) => each.onEvent?.(event)),
    onEvaluationProgress: (fraction) => all.forEach((each) => each.onEvaluationProgress?.(fraction)),
    onSample: (sample) => all.forEach((each) => each.onSample?.(sample)),
    onNotice: (message, advice) => all.forEach((each) => each.onNotice?.(message, advice)),
  };
}
