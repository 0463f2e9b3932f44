import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  decodeCheckpoint,
  decodeCheckpointHeader,
  encodeCheckpoint,
} from '../../../src/engine/checkpoints/codec.ts';
import type { Checkpoint } from '../../../src/engine/checkpoints/content.ts';
import { CharloomError } from '../../../src/shared/errors.ts';
import { checkpointMetadata, makeCheckpoint, sha256 } from '../../support/checkpoints.ts';

function bytesOf(checkpoint: Checkpoint): Uint8Array {
  return new Uint8Array(Buffer.concat(encodeCheckpoint(checkpoint, sha256).pieces));
}

/** Rewrites the header's JSON of a file, leaving the data. */
function withHeader(bytes: Uint8Array, change: (json: string) => string): Uint8Array {
  const length = Number(new DataView(bytes.buffer, bytes.byteOffset).getBigUint64(0, true));
  const json = change(Buffer.from(bytes.subarray(8, 8 + length)).toString('utf8'));
  return container(Buffer.from(json), bytes.subarray(8 + length));
}

function container(header: Uint8Array, data: Uint8Array, length = BigInt(header.length)): Uint8Array {
  const prefix = Buffer.alloc(8);
  prefix.writeBigUInt64LE(length);
  return new Uint8Array(Buffer.concat([prefix, header, data]));
}

/** Rewrites the metadata inside the header and the checksum with it. */
function withMetadata(change: (metadata: Record<string, unknown>) => unknown): Uint8Array {
  const bytes = bytesOf(makeCheckpoint());
  return withHeader(bytes, (header) => {
    const parsed = JSON.parse(header) as { __metadata__: Record<string, string> };
    const metadata = JSON.parse(parsed.__metadata__['charloom'] ?? '') as Record<string, unknown>;
    const json = JSON.stringify(change(metadata));
    const data = bytes.subarray(8 + Number(new DataView(bytes.buffer).getBigUint64(0, true)));
    parsed.__metadata__['charloom'] = json;
    parsed.__metadata__['checksum'] = `sha256:${sha256([Buffer.from(json), data])}`;
    return JSON.stringify(parsed);
  });
}

function complaint(bytes: Uint8Array): string {
  const errors = [decodeCheckpoint, (all: Uint8Array) => decodeCheckpointHeader(all, all.length)].map(
    (decode) => {
      try {
        decode(bytes, sha256);
      } catch (error) {
        if (error instanceof CharloomError && error.code === 'bad-checkpoint') return error.message;
        throw error;
      }
      return 'accepted';
    },
  );
  expect(errors[1] === errors[0] || errors[1] === 'accepted').toBe(true);
  return errors[0] ?? '';
}

describe('a checkpoint as bytes', () => {
  it('comes back as it went in, to the bit', () => {
    const checkpoint = makeCheckpoint();
    const patterns = Uint32Array.of(
      0x80000000,
      0x7fc12345,
      0xffa00001,
      0x7f800000,
      0xff800000,
      1,
      0x80000001,
    );
    const odd = checkpoint.tensors.get('decoder.w')?.data;
    new Uint32Array(odd?.buffer ?? new ArrayBuffer(0)).set(patterns);
    const back = decodeCheckpoint(bytesOf(checkpoint), sha256);
    expect(back.metadata).toEqual(checkpoint.metadata);
    expect([...back.tensors.keys()]).toEqual([...checkpoint.tensors.keys()]);
    for (const [name, { shape, data }] of checkpoint.tensors) {
      expect(back.tensors.get(name)?.shape).toEqual(shape);
      const bits = (from: Float32Array | undefined) =>
        Buffer.from(new Uint8Array(from?.slice().buffer ?? []));
      expect(bits(back.tensors.get(name)?.data)).toEqual(bits(data));
    }
  });

  it('gives equal bytes for equal checkpoints, aligned to eight', () => {
    const bytes = bytesOf(makeCheckpoint());
    expect(bytesOf(makeCheckpoint())).toEqual(bytes);
    const { dataStart } = decodeCheckpointHeader(bytes, bytes.length);
    expect(dataStart % 8).toBe(0);
  });

  it('is read at any offset in memory', () => {
    const bytes = bytesOf(makeCheckpoint());
    const shifted = new Uint8Array(bytes.length + 3).subarray(3);
    shifted.set(bytes);
    expect(decodeCheckpoint(shifted, sha256).tensors).toEqual(makeCheckpoint().tensors);
  });

  it('is recognised by its beginning alone', () => {
    const bytes = bytesOf(makeCheckpoint());
    const { dataStart } = decodeCheckpointHeader(bytes, bytes.length);
    const header = decodeCheckpointHeader(bytes.subarray(0, dataStart), bytes.length);
    expect(header.metadata).toEqual(checkpointMetadata());
  });

  it('may leave out what only training needs', () => {
    const { metadata, tensors } = makeCheckpoint();
    const parameters = new Map([...tensors].filter(([name]) => /^(layers|decoder)/.test(name)));
    expect(decodeCheckpoint(bytesOf({ metadata, tensors: parameters }), sha256).tensors).toEqual(parameters);
  });

  it('keeps a vocabulary of every kind of character, and half of a pair', () => {
    const vocabulary = ['\0', '"', '\\', '\u2028', '\ud800', '😀'];
    const spec = { ...checkpointMetadata().spec, vocabularySize: vocabulary.length };
    const checkpoint = makeCheckpoint({ vocabulary, spec });
    expect(decodeCheckpoint(bytesOf(checkpoint), sha256).metadata.vocabulary).toEqual(vocabulary);
  });
});

describe('a file that is no sound checkpoint', () => {
  const bytes = bytesOf(makeCheckpoint());
  const renamed = (from: string, to: string): string =>
    complaint(withHeader(bytes, (json) => json.replace(from, to)));

  it('is reported by its problem', () => {
    expect(complaint(new Uint8Array(0))).toContain('cut short');
    expect(complaint(bytes.subarray(0, 100))).toContain('cut short inside its header');
    expect(complaint(bytes.subarray(0, -4))).toContain('4 of its last bytes are missing');
    expect(complaint(Buffer.concat([bytes, Buffer.alloc(4)]))).toContain(
      '4 bytes at its end do not belong to any tensor',
    );
    expect(complaint(Buffer.from('PK\x03\x04 a zip archive, or anything else'))).toContain(
      'not a safetensors file',
    );
    expect(complaint(container(Buffer.from('{}      '), new Uint8Array(0)))).toContain(
      'not a Charloom checkpoint',
    );
    expect(complaint(container(Buffer.from('[]      '), new Uint8Array(0)))).toContain('not a safetensors');
    expect(complaint(container(Buffer.from('{"a": '), new Uint8Array(0)))).toContain('header is damaged');
    expect(complaint(container(Buffer.of(0x7b, 0xff, 0xfe), new Uint8Array(0)))).toContain('not text');
  });

  it('cannot make the reader reserve memory', () => {
    for (const length of [2n ** 64n - 1n, 2n ** 63n, 2n ** 53n, 100_000_001n]) {
      expect(complaint(container(Buffer.from('{}'), new Uint8Array(0), length))).toContain(
        'not a safetensors',
      );
    }
    expect(complaint(container(Buffer.from('{}'), new Uint8Array(0), 99_000_000n))).toContain('cut short');
    expect(
      renamed('"shape":[4,3]', '"shape":[9007199254740991,9007199254740991,9007199254740991]'),
    ).toContain('another size than its shape');
  });

  it('cannot hide anything in the layout', () => {
    expect(renamed('"data_offsets":[0,192]', '"data_offsets":[8,200]')).toContain('gap');
    expect(renamed('"data_offsets":[192,336]', '"data_offsets":[0,144]')).toContain('overlaps');
    expect(renamed('"dtype":"F32"', '"dtype":"F16"')).toContain('not described as float32');
    expect(renamed('"shape":[12,4]', '"shape":[4,12]')).toContain('is 4x12 where the model needs 12x4');
    expect(renamed('"decoder.b"', '"decoder.c"')).toContain('“decoder.b” is missing');
    expect(renamed('"optimizer.m.decoder.b"', '"surplus\\u001b[2J"')).toContain('is missing');
    expect(renamed('"decoder.b"', '"decoder.w"')).toContain('names “decoder.w” twice');
    expect(renamed('"decoder.b"', '"__proto__"')).toContain('“decoder.b” is missing');
    expect(renamed('"decoder.b"', '"constructor"')).toContain('“decoder.b” is missing');
    expect(renamed('"state.0.h"', '"state.9.h"')).toContain('“state.0.h” is missing');
  });

  it('survives a header made to exhaust the reader', () => {
    const deep = `{"a":${'['.repeat(1_000_000)}${']'.repeat(1_000_000)}}`;
    expect(complaint(container(Buffer.from(deep), new Uint8Array(0)))).toContain('not described as float32');
    const many = `{${Array.from({ length: 10_001 }, (_, i) => `"t${i}":0`).join()}}`;
    expect(complaint(container(Buffer.from(many), new Uint8Array(0)))).toContain('more tensors');
    const brackets = '['.repeat(100_000) + ']'.repeat(100_000);
    const nested = withHeader(bytes, (json) =>
      json.replace('\\"writtenBy\\":', `\\"writtenBy\\":${brackets},\\"x\\":`),
    );
    expect(complaint(nested)).toContain('writtenBy');
  });

  it('is caught when one bit of its numbers or of its description changes', () => {
    const damaged = bytes.slice();
    damaged[damaged.length - 1] = (damaged.at(-1) ?? 0) ^ 1;
    expect(complaint(damaged)).toContain('checksum does not match');
    expect(renamed('\\"iteration\\":30', '\\"iteration\\":31')).toContain('checksum does not match');
  });

  it('is reported as one of a newer Charloom', () => {
    const newer = withMetadata((metadata) => ({ ...metadata, formatVersion: 3 }));
    expect(() => decodeCheckpoint(newer, sha256)).toThrow(
      expect.objectContaining({
        code: 'incompatible',
        message:
          'The checkpoint cannot be read: a newer Charloom wrote it (format 3; this one reads up to 2).',
        fix: 'Update Charloom.',
      }) as Error,
    );
  });

  it('is refused when its description is invalid', () => {
    const changed = (changes: Record<string, unknown>): string =>
      complaint(withMetadata((metadata) => ({ ...metadata, ...changes })));
    expect(changed({ formatVersion: 'x' })).toContain('damaged');
    expect(changed({ vocabulary: ['a', 'b'] })).toContain('another size than the model');
    expect(changed({ vocabulary: ['d', 'c', 'b', 'a'] })).toContain('out of order');
    expect(changed({ learningRate: null })).toContain('learningRate');
    expect(changed({ symbols: 'bytes' })).toContain('do not describe the model');
    expect(changed({ iteration: -1 })).toContain('iteration');
    expect(complaint(withMetadata(() => null))).toContain('damaged');
  });

  it('never gives anything but a clear error, however it was damaged', () => {
    const damage = fc.array(fc.tuple(fc.nat(bytes.length - 1), fc.nat(255)), { minLength: 1, maxLength: 8 });
    fc.assert(
      fc.property(damage, fc.option(fc.nat(bytes.length)), (changes, length) => {
        const damaged = bytes.slice(0, length ?? bytes.length);
        let isSame = damaged.length === bytes.length;
        for (const [place, value] of changes) {
          if (place < damaged.length) damaged[place] = value;
        }
        isSame &&= Buffer.compare(damaged, bytes) === 0;
        const answer = complaint(damaged);
        // Spaces that pad the header are the only bytes without meaning.
        if (!isSame && answer === 'accepted')
          expect(decodeCheckpoint(damaged, sha256)).toEqual(makeCheckpoint());
      }),
      { numRuns: 500 },
    );
  });

  it('never gives anything but a clear error for damage aimed at the header', () => {
    const { dataStart } = decodeCheckpointHeader(bytes, bytes.length);
    const json = Buffer.from(bytes.subarray(8, dataStart)).toString();
    const piece = fc.constantFrom(
      '"',
      '\\',
      '{',
      '}',
      '[',
      ']',
      ':',
      ',',
      '0',
      '-1',
      '1e999',
      'null',
      '__proto__',
    );
    fc.assert(
      fc.property(fc.nat(json.length), fc.nat(20), piece, (start, removed, inserted) => {
        const changed = json.slice(0, start) + inserted + json.slice(start + removed);
        const answer = complaint(container(Buffer.from(changed), bytes.subarray(dataStart)));
        expect(answer).toMatch(/^The checkpoint cannot be read|^The vocabulary|^accepted$/);
      }),
      { numRuns: 1000 },
    );
  });
});
