import gruNormResidual from './fixtures/gru-ln-residual.json' with { type: 'json' };
import gruNorm from './fixtures/gru-ln.json' with { type: 'json' };
import gru from './fixtures/gru.json' with { type: 'json' };
import lstmNormResidual from './fixtures/lstm-ln-residual.json' with { type: 'json' };
import lstmNorm from './fixtures/lstm-ln.json' with { type: 'json' };
import lstm from './fixtures/lstm.json' with { type: 'json' };
import rnnNormResidual from './fixtures/rnn-ln-residual.json' with { type: 'json' };
import rnnNorm from './fixtures/rnn-ln.json' with { type: 'json' };
import rnn from './fixtures/rnn.json' with { type: 'json' };
import { parseFixture, type Fixture } from './fixture.ts';

const bundled = {
  lstm,
  gru,
  rnn,
  'lstm-ln': lstmNorm,
  'gru-ln': gruNorm,
  'rnn-ln': rnnNorm,
  'lstm-ln-residual': lstmNormResidual,
  'gru-ln-residual': gruNormResidual,
  'rnn-ln-residual': rnnNormResidual,
} satisfies Readonly<Record<string, unknown>>;

/** The bundled golden numbers: each kind of model plain, layer-normalised, and layer-normalised with residual connections. */
export function bundledFixtures(): readonly { readonly name: string; readonly fixture: Fixture }[] {
  return Object.entries(bundled).map(([name, json]) => ({ name, fixture: parseFixture(json) }));
}
