/** How much a character mattered, relative to the one that mattered most. */
export type EffectLevel = 'none' | 'little' | 'some' | 'much';

/** Nats; an expectation that changes by less has not changed. */
const nothing = 0.01;

export function effectLevels(effects: readonly number[]): readonly EffectLevel[] {
  const most = Math.max(...effects);
  return effects.map((effect) => {
    const share = most < nothing ? 0 : effect / most;
    if (share >= 0.5) return 'much';
    if (share >= 0.2) return 'some';
    return share >= 0.05 ? 'little' : 'none';
  });
}

/** Those that mattered most, the strongest first. */
export function strongest(
  effects: readonly number[],
  count: number,
): readonly { readonly index: number; readonly effect: number }[] {
  return effects
    .map((effect, index) => ({ index, effect }))
    .filter(({ effect }) => effect >= nothing)
    .toSorted((a, b) => b.effect - a.effect)
    .slice(0, count);
}
