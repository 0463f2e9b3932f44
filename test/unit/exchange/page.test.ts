import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { fromBase64, toBase64 } from '../../../src/engine/exchange/base64.ts';
import { fromHalf, toHalf } from '../../../src/engine/exchange/float16.ts';
import { escapeHtml, jsonInScript } from '../../../src/shared/format/html.ts';
import { isWritingPage, modelOfPage } from '../../../src/engine/exchange/page/read-page.ts';
import { givenCheckpoint } from '../../../src/engine/model/used-parameters.ts';
import { writePage, type PageParts } from '../../../src/engine/exchange/page/write-page.ts';
import type { TensorData } from '../../../src/engine/backends/backend.ts';
import { sha256 } from '../../../src/node/files/sha256.ts';
import { CharloomError } from '../../../src/shared/errors.ts';
import { elementCount, parameterShapes } from '../../../src/shared/domain/model-tensors.ts';
import {
  defaultWritingPage,
  writingPageSchema,
  type PagePrecision,
} from '../../../src/shared/domain/writing-page.ts';
import { bits } from '../../support/networks.ts';
import { drawnModel } from '../../support/page-models.ts';

const program = { script: 'void 0;', style: 'p{}' };

function parts(changes: Partial<PageParts> = {}): PageParts {
  const page = { ...defaultWritingPage, title: 'A page' };
  return { model: drawnModel({}), page, precision: 'float32', program, ...changes };
}

function refusal(html: string): unknown {
  try {
    return modelOfPage(html, sha256);
  } catch (error) {
    return error instanceof CharloomError ? error.code : error;
  }
}

describe('a page that writes', () => {
  test('gives back the model that went in, to the bit', () => {
    const given = parts();
    const { record, model } = modelOfPage(writePage(given, sha256), sha256);
    expect(model.metadata).toEqual(given.model.metadata);
    expect(bits(model.tensors)).toEqual(bits(given.model.tensors));
    expect(record).toMatchObject({ ...given.page, precision: 'float32' });
  });

  test('gives back the nearest numbers of half the size', () => {
    const { model } = modelOfPage(writePage(parts({ precision: 'float16' }), sha256), sha256);
    for (const [name, { data }] of parts().model.tensors) {
      const found = model.tensors.get(name)?.data ?? new Float32Array();
      expect(found).toEqual(data.map((value) => fromHalf(toHalf(value))));
    }
  });

  test('holds averaged weights as its only ones', () => {
    const { metadata, tensors } = drawnModel({ averageDecay: 0.999 });
    const average = [...tensors].map(([name, { shape, data }]): [string, TensorData] => [
      `average.${name}`,
      { shape, data: data.map((value) => value + 1) },
    ]);
    const trained = {
      metadata: { ...metadata, weights: 'averaged' as const },
      tensors: new Map([...tensors, ...average]),
    };
    const { model } = modelOfPage(writePage(parts({ model: givenCheckpoint(trained) }), sha256), sha256);
    expect(model.metadata.weights).toBe('trained');
    expect([...model.tensors.keys()]).toEqual([...tensors.keys()]);
    for (const [name, { data }] of tensors) {
      expect(model.tensors.get(name)?.data).toEqual(data.map((value) => value + 1));
    }
  });

  test('is found in what a browser saved, where attributes are in another order', () => {
    const html = writePage(parts(), sha256);
    const saved = html.replace(
      /<script id="(charloom-\w+)" type="([^"]+)">/g,
      '<script type="$2" id="$1" data-x="">',
    );
    expect(saved).not.toBe(html);
    expect(modelOfPage(saved, sha256).record.title).toBe('A page');
  });

  test('is refused with a sentence when it is none, truncated, or changed', () => {
    const html = writePage(parts(), sha256);
    const at = html.indexOf('charloom-model') + 2000;
    const changed = `${html.slice(0, at)}${html[at] === 'A' ? 'B' : 'A'}${html.slice(at + 1)}`;
    const broken = [
      '',
      '<html></html>',
      html.slice(0, at),
      changed,
      html.replace('"version":1', '"version":2'),
      html.replace(/(application\/json">).*?(<\/script>)/, '$1{}$2'),
      html.replace(/(base64">).*?(<\/script>)/, '$1!!!!$2'),
      '<script id="charloom-page">'.repeat(1000),
    ];
    expect(broken.map(refusal)).toEqual(broken.map(() => 'bad-checkpoint'));
    expect([html, ...broken].map(isWritingPage).slice(0, 4)).toEqual([true, false, false, false]);
  });

  test('is refused above 50 MB, with what to do', () => {
    const spec = { ...drawnModel({}).metadata.spec, rnnSize: 2000 };
    const tensors = parameterShapes(spec).map(({ name, shape }): [string, TensorData] => [
      name,
      { shape, data: new Float32Array(elementCount(shape)) },
    ]);
    const model = { metadata: { ...drawnModel({}).metadata, spec }, tensors: new Map(tensors) };
    const refused = (precision: PagePrecision): unknown => {
      try {
        return writePage(parts({ model, precision }), sha256).length;
      } catch (error) {
        return error;
      }
    };
    expect(refused('float32')).toMatchObject({
      code: 'bad-setting',
      fix: expect.stringContaining('half the size') as string,
    });
    expect(refused('float16')).toMatchObject({
      code: 'bad-setting',
      fix: expect.stringContaining('smaller model') as string,
    });
  });

  test('lets nothing that an author writes end an element', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        const json = jsonInScript({ text });
        expect(json).not.toMatch(/[<>\u2028\u2029]/);
        expect(JSON.parse(json)).toEqual({ text });
        expect(escapeHtml(text)).not.toMatch(/[<>"']/);
      }),
    );
  });

  test('begins with a temperature inside its range', () => {
    const page = { ...defaultWritingPage, title: 'x' };
    expect(writingPageSchema.safeParse(page).success).toBe(true);
    expect(writingPageSchema.safeParse({ ...page, temperature: 2 }).success).toBe(false);
    expect(writingPageSchema.safeParse({ ...page, title: ' ' }).success).toBe(false);
  });
});

/** What JavaScript engines have since 2025. */
interface HalfView {
  getFloat16(at: number): number;
  setFloat16(at: number, value: number): void;
}

describe.skipIf(!('getFloat16' in DataView.prototype))('numbers of half the size', () => {
  const view = new DataView(new ArrayBuffer(2)) as DataView & HalfView;

  test('are those of the JavaScript engine, all of them', () => {
    for (let half = 0; half < 65_536; half++) {
      view.setUint16(0, half);
      const expected = view.getFloat16(0);
      expect(Object.is(fromHalf(half), expected)).toBe(true);
      if (Number.isFinite(expected)) expect(toHalf(expected)).toBe(half);
    }
  });

  test('are the nearest, ties to even, and never more than the largest', () => {
    fc.assert(
      fc.property(fc.float({ noNaN: true }), (value) => {
        view.setFloat16(0, Math.max(-65_504, Math.min(65_504, value)));
        expect(toHalf(value)).toBe(view.getUint16(0));
      }),
      { numRuns: 5000 },
    );
  });
});

test('bytes survive base64, and it is what Node makes of them', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 200_000 }), (bytes) => {
      const text = toBase64(bytes);
      expect(text).toBe(Buffer.from(bytes).toString('base64'));
      expect(fromBase64(text)).toEqual(bytes);
    }),
    { numRuns: 20 },
  );
});
