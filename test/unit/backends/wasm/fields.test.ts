import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { kernelNetwork } from '../../../../scripts/kernel-fields.ts';
import { number, type Field } from '../../../../src/engine/backends/wasm/fields/field.ts';
import { fieldsFingerprint, requireFields } from '../../../../src/engine/backends/wasm/fields/fingerprint.ts';
import { layerFields, layerFieldsOf } from '../../../../src/engine/backends/wasm/fields/layer-fields.ts';
import { networkFields } from '../../../../src/engine/backends/wasm/fields/network-fields.ts';
import { compileKernels, instantiateKernels } from '../../../../src/engine/backends/wasm/kernels.ts';
import { cells } from '../../../../src/shared/domain/cells.ts';
import { madeUpCell } from '../../../support/made-up-cell.ts';

const root = resolve(import.meta.dirname, '../../../..');
const workspace = mkdtempSync(join(root, 'node_modules/.charloom-fields-'));

/** Where the AssemblyScript compiler itself puts each field: its byte offset, by class and name. */
function compiledOffsets(network: readonly Field[], layer: readonly Field[]): Record<string, number> {
  mkdirSync(workspace, { recursive: true });
  const source = join(workspace, 'fields.ts');
  const asked = [
    ...network.map(({ name }) => `Network_${name}`),
    ...layer.map(({ name }) => `Layer_${name}`),
  ];
  const functions = asked.map((key) => {
    const [type, name] = key.split('_');
    return `export function ${key}(): i32 { return <i32>offsetof<${type}>('${name}'); }`;
  });
  const sizes = ['Network', 'Layer'].map(
    (type) => `export function ${type}_bytes(): i32 { return offsetof<${type}>(); }`,
  );
  writeFileSync(source, [kernelNetwork(network, layer), ...functions, ...sizes].join('\n'));
  const output = join(workspace, 'fields.wasm');
  execFileSync(
    process.execPath,
    [
      join(root, 'node_modules/assemblyscript/bin/asc.js'),
      ...[source, '--outFile', output, '--runtime', 'stub', '--noAssert'],
    ],
    { stdio: ['ignore', 'ignore', 'pipe'] },
  );
  const instance = new WebAssembly.Instance(new WebAssembly.Module(readFileSync(output)), {});
  const exported = instance.exports as Record<string, () => number>;
  return Object.fromEntries(
    [...asked, 'Network_bytes', 'Layer_bytes'].map((key) => [key, exported[key]?.() ?? NaN]),
  );
}

/** Where the host writes them: word by word in the order of the lists. */
function hostOffsets(network: readonly Field[], layer: readonly Field[]): Record<string, number> {
  return Object.fromEntries([
    ...network.map(({ name }, word) => [`Network_${name}`, 4 * word]),
    ...layer.map(({ name }, word) => [`Layer_${name}`, 4 * word]),
    ['Network_bytes', 4 * network.length],
    ['Layer_bytes', 4 * layer.length],
  ]);
}

afterAll(() => rmSync(workspace, { recursive: true, force: true }));

describe("the kernels' fields", () => {
  it('are where the host writes them', () => {
    expect(compiledOffsets(networkFields, layerFields)).toEqual(hostOffsets(networkFields, layerFields));
  });

  it('follow the table of cells: a cell with gains, matrices and states of its own has fields for them', () => {
    const layer = layerFieldsOf([...Object.values(cells), madeUpCell]);
    const offsets = compiledOffsets(networkFields, layer);
    expect(offsets).toEqual(hostOffsets(networkFields, layer));
    for (const field of [
      'inputGain',
      'inputGainGrad',
      'skipW',
      'skipWPacked',
      'slow',
      'trainSlow',
      'sampleSlow',
    ])
      expect(offsets).toHaveProperty(`Layer_${field}`);
    // What cells share is one field, however many have it.
    expect(new Set(layer.map(({ name }) => name)).size).toBe(layer.length);
    expect(layer.map(({ name }) => name)).not.toContain('inputGainPacked');
  });

  it('of built kernels are known by a fingerprint that every change of the lists changes', async () => {
    const memory = new WebAssembly.Memory({ initial: 1, maximum: 65_536, shared: true });
    const kernels = await instantiateKernels(await compileKernels('plain'), memory);
    requireFields(kernels);
    const [first, second, ...others] = networkFields;
    if (first === undefined || second === undefined) throw new Error('no fields');
    const changed: readonly (readonly Field[])[] = [
      [second, first, ...others],
      [second, ...others],
      [{ ...first, name: 'other' }, second, ...others],
      [number('f32', first.name, first.meaning), second, ...others],
    ];
    for (const fields of changed) {
      expect(() => requireFields(kernels, fieldsFingerprint(fields))).toThrow('build:kernels');
      expect(() => requireFields(kernels, fieldsFingerprint(networkFields, fields))).toThrow('build:kernels');
    }
  });
});
