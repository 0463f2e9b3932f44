import { AxeBuilder } from '@axe-core/playwright';
import type { Page } from 'playwright-core';

/** A rule that a page breaks, and the places where it does. */
export type Violation = Awaited<ReturnType<AxeBuilder['analyze']>>['violations'][number];

/**
 * What would keep somebody out of a page, by axe's rules.
 * @param rules all of them when left out
 */
export async function violationsOn(page: Page, rules?: readonly string[]): Promise<readonly Violation[]> {
  // Our pages have no frames: everything can run in the page itself, which is told to gather only what is wrong. Four times as fast.
  const axe = new AxeBuilder({ page }).setLegacyMode(true).options({ resultTypes: ['violations'] });
  if (rules !== undefined) axe.withRules([...rules]);
  return (await axe.analyze()).violations;
}
