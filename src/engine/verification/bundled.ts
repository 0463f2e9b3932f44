import gru from './fixtures/gru.json' with { type: 'json' };
import lstm from './fixtures/lstm.json' with { type: 'json' };
import rnn from './fixtures/rnn.json' with { type: 'json' };
import { parseFixture, type Fixture } from './fixture.ts';

/** The golden numbers that come with Charloom, one set per kind of model. */
export function bundledFixtures(): readonly { readonly name: string; readonly fixture: Fixture }[] {
  return Object.entries({ lstm, gru, rnn }).map(([name, json]) => ({ name, fixture: parseFixture(json) }));
}
