import { runSettings, type RunSettings } from '../../../shared/domain/run-settings.ts';
import { settingSchema } from '../../../shared/domain/setting-definition.ts';
import type { Verdict } from '../../../shared/domain/run.ts';

type Remedy = NonNullable<Verdict['remedy']>;

/** A remedy's settings as changes of a draft; what is no setting, or out of its range, is left out. */
export function proposalOf({ settings }: Remedy): Partial<RunSettings> {
  const known = Object.entries(settings).filter(([key, value]) => {
    const definition = Object.entries(runSettings).find(([name]) => name === key)?.[1];
    return definition !== undefined && settingSchema(definition).safeParse(value).success;
  });
  return Object.fromEntries(known) as Partial<RunSettings>;
}
