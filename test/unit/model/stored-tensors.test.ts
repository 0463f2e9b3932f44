import { plainModel } from '../../../src/shared/domain/model-spec.ts';
import { describe, expect, it } from 'vitest';
import { initialParameters } from '../../../src/engine/model/initial-parameters.ts';
import { allTensors, findMisfit, storedTensors } from '../../../src/engine/model/stored-tensors.ts';

const spec = { model: 'lstm', rnnSize: 3, vocabularySize: 5, numLayers: 1, ...plainModel } as const;
const stored = storedTensors(spec, { optimizer: 'adam', batchSize: 2, averaging: false });
const all = allTensors(stored);
const without = (pattern: RegExp) => all.filter(({ name }) => !pattern.test(name));

describe('the tensors of a model', () => {
  it('fit with and without what the optimiser keeps and the carried state', () => {
    for (const left of [/^$/, /^optimizer/, /^state/, /^(optimizer|state)/])
      expect(findMisfit(stored, without(left))).toBeUndefined();
  });

  it('do not fit in part', () => {
    for (const name of ['layers.0.bh', 'decoder.b', 'optimizer.v.decoder.b', 'state.0.c'])
      expect(findMisfit(stored, without(new RegExp(`^${name}$`)))).toEqual({ kind: 'missing', name });
  });

  it('do not fit in another shape or beside others', () => {
    const other = all.map((tensor) => (tensor.name === 'state.0.h' ? { ...tensor, shape: [3, 3] } : tensor));
    expect(findMisfit(stored, other)).toEqual({
      ...{ kind: 'misshapen', name: 'state.0.h' },
      ...{ found: [3, 3], expected: [2, 3] },
    });
    const more = [...all, { name: 'layers.1.wx', shape: [12, 3] }];
    expect(findMisfit(stored, more)).toEqual({ kind: 'unknown', name: 'layers.1.wx' });
    // RMSProp keeps no v.
    expect(
      findMisfit(storedTensors(spec, { optimizer: 'rmsprop', batchSize: 2, averaging: false }), all)?.kind,
    ).toBe('unknown');
  });

  it("start within char-rnn's range, an LSTM's forget gate at 1", () => {
    for (const model of ['lstm', 'gru', 'rnn'] as const) {
      for (const [name, { data }] of initialParameters({ ...spec, model }, 1)) {
        const forget = model === 'lstm' && name.endsWith('.bx');
        data.forEach((value, index) => {
          if (forget && index >= 3 && index < 6) expect(value).toBe(1);
          else expect(Math.abs(value)).toBeLessThan(0.08001);
        });
      }
    }
  });
});
