import gruLnResidual from './fixtures/gru-ln-residual.json' with { type: 'json' };
import gruLn from './fixtures/gru-ln.json' with { type: 'json' };
import gru from './fixtures/gru.json' with { type: 'json' };
import lstmLnResidual from './fixtures/lstm-ln-residual.json' with { type: 'json' };
import lstmLn from './fixtures/lstm-ln.json' with { type: 'json' };
import lstm from './fixtures/lstm.json' with { type: 'json' };
import rnnLnResidual from './fixtures/rnn-ln-residual.json' with { type: 'json' };
import rnnLn from './fixtures/rnn-ln.json' with { type: 'json' };
import rnn from './fixtures/rnn.json' with { type: 'json' };
import { parseFixture, type Fixture } from './fixture.ts';

const bundled: Readonly<Record<string, unknown>> = {
  lstm,
  gru,
  rnn,
  'lstm-ln': lstmLn,
  'gru-ln': gruLn,
  'rnn-ln': rnnLn,
  'lstm-ln-residual': lstmLnResidual,
  'gru-ln-residual': gruLnResidual,
  'rnn-ln-residual': rnnLnResidual,
};

/** The golden numbers that come with Charloom: one set per kind of cell, plain, layer-normalised, and so with residual connections. */
export function bundledFixtures(): readonly { readonly name: string; readonly fixture: Fixture }[] {
  return Object.entries(bundled).map(([name, json]) => ({ name, fixture: parseFixture(json) }));
}
