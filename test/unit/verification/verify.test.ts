import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Backend } from '../../../src/engine/backends/backend.ts';
import { bundledFixtures } from '../../../src/engine/verification/bundled.ts';
import type { Fixture } from '../../../src/engine/verification/fixture.ts';
import { verifyBackend, verifyTolerance, worstError } from '../../../src/engine/verification/verify.ts';
import { loadWasmBackend } from '../../../src/node/wasm/backend.ts';

let backend: Backend;
beforeAll(async () => {
  backend = await loadWasmBackend({ threads: 1 });
});
afterAll(() => backend.dispose());

type Tensor = number[] | number[][];

/** Moves a tensor's largest element by a share of itself. */
function bend(tensor: Tensor, share: number): Tensor {
  const flat = tensor.flat();
  const largest = flat.reduce((best, value) => (Math.abs(value) > Math.abs(best) ? value : best), 0);
  const bent = (row: number[]): number[] =>
    row.map((value) => (value === largest ? value * (1 + share) : value));
  return Array.isArray(tensor[0]) ? (tensor as number[][]).map(bent) : bent(tensor as number[]);
}

function bentGradient(fixture: Fixture, name: string, share: number): Fixture {
  const [first, ...rest] = fixture.steps;
  if (first === undefined) throw new Error('no steps');
  const gradients = first.gradients_before_clamp;
  const changed = { ...gradients, [name]: bend(gradients[name] ?? [], share) };
  return { ...fixture, steps: [{ ...first, gradients_before_clamp: changed }, ...rest] };
}

describe.each(bundledFixtures())('golden numbers of $name', ({ fixture }) => {
  test('are met with float32 precision', async () => {
    const report = await verifyBackend(backend, fixture);
    if (!fixture.layer_norm) {
      expect(worstError(report)).toBeLessThan(2e-6);
      return;
    }
    // A norm over three nearly equal units magnifies what was rounded before it (verify.ts).
    expect(report.loss).toBeLessThan(1e-6);
    expect(report.finalState).toBeLessThan(1e-5);
    expect(report.parameters).toBeLessThan(1e-5);
    expect(report.average).toBeLessThan(1e-5);
    expect(report.gradients).toBeLessThan(5e-4);
  });

  test.each(Object.keys(fixture.params))('one element of %s off by a hundredth is noticed', async (name) => {
    const gradient = await verifyBackend(backend, bentGradient(fixture, name, 0.01));
    expect(gradient.gradients).toBeGreaterThan(verifyTolerance);
    const after = { ...fixture.params_after, [name]: bend(fixture.params_after[name] ?? [], 0.01) };
    const { parameters } = await verifyBackend(backend, { ...fixture, params_after: after });
    expect(parameters).toBeGreaterThan(verifyTolerance);
  });

  test('NaN is infinitely wrong', async () => {
    const [name = ''] = Object.keys(fixture.params);
    const { gradients } = await verifyBackend(backend, bentGradient(fixture, name, Number.NaN));
    expect(gradients).toBe(Infinity);
  });
});
