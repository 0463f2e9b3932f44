import type { CellKind } from '../../shared/domain/cells.ts';
import gru from './fixtures/gru.json' with { type: 'json' };
import lstm from './fixtures/lstm.json' with { type: 'json' };
import rnn from './fixtures/rnn.json' with { type: 'json' };
import { parseFixture, type Fixture } from './fixture.ts';

const bundled: Readonly<Record<CellKind, unknown>> = { lstm, gru, rnn };

/** The golden numbers that come with Charloom, one set per kind of model. */
export function bundledFixtures(): readonly { readonly name: string; readonly fixture: Fixture }[] {
  return Object.entries(bundled).map(([name, json]) => ({ name, fixture: parseFixture(json) }));
}
