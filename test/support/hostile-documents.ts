import { constants, deflateRawSync, gzipSync } from 'node:zlib';
import { zipOf } from './documents.ts';

const word = '<?xml version="1.0"?><w:document xmlns:w="urn:w"><w:body>';
const mebibyte = 2 ** 20;
/** Each piece ends at a byte's border, so that pieces can be put one after the other. */
const pieces = { finishFlush: constants.Z_SYNC_FLUSH } as const;

/** A file with one page whose content is this stream, compressed. */
function pdfOf(content: Uint8Array): Uint8Array {
  const objects = [
    '<< /Type /Catalog /Pages 2 0 R >>',
    '<< /Type /Pages /Kids [3 0 R] /Count 1 >>',
    '<< /Type /Page /Parent 2 0 R /MediaBox [0 0 500 500] /Resources << /Font << /F1 4 0 R >> >> /Contents 5 0 R >>',
    '<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>',
  ].map((object) => Buffer.from(object));
  objects.push(
    Buffer.concat([
      Buffer.from(`<< /Filter /FlateDecode /Length ${content.length} >>\nstream\n`),
      content,
      Buffer.from('\nendstream'),
    ]),
  );
  const parts = [Buffer.from('%PDF-1.5\n')];
  const offsets: number[] = [];
  let length = parts[0]?.length ?? 0;
  for (const [index, object] of objects.entries()) {
    offsets.push(length);
    const piece = Buffer.concat([Buffer.from(`${index + 1} 0 obj\n`), object, Buffer.from('\nendobj\n')]);
    parts.push(piece);
    length += piece.length;
  }
  const table = offsets.map((offset) => `${String(offset).padStart(10, '0')} 00000 n \n`).join('');
  parts.push(
    Buffer.from(
      `xref\n0 ${objects.length + 1}\n0000000000 65535 f \n${table}trailer\n<< /Size ${objects.length + 1} /Root 1 0 R >>\nstartxref\n${length}\n%%EOF\n`,
    ),
  );
  return Buffer.concat(parts);
}

/** A ZIP archive of many entries that all share the bytes of one (as by D. Fifield): small to carry, endless to unpack. */
function overlapping(entries: number, size: number): Uint8Array {
  const one = Buffer.from(zipOf({ 'x.txt': 'A'.repeat(size) }));
  const directoryAt = one.readUInt32LE(one.length - 6);
  const central = one.subarray(directoryAt, one.length - 22);
  const names = Array.from({ length: entries }, (_, index) => {
    const entry = Buffer.from(central);
    entry.write(index.toString(36).padStart(5, '0'), central.length - 5, 'latin1');
    return entry;
  });
  const end = Buffer.from(one.subarray(one.length - 22));
  end.writeUInt16LE(entries, 8);
  end.writeUInt16LE(entries, 10);
  end.writeUInt32LE(central.length * entries, 12);
  return Buffer.concat([one.subarray(0, directoryAt), ...names, end]);
}

/** Gigabytes of one paragraph as a stream of deflate: blocks that are repeated need no memory to write. */
function bombXml(copies: number): { readonly packed: Buffer; readonly size: number } {
  const head = Buffer.from(word);
  const block = Buffer.from(`<w:p><w:r><w:t>${'A'.repeat(mebibyte)}</w:t></w:r></w:p>`);
  const piece = deflateRawSync(block, pieces);
  const end = deflateRawSync(Buffer.from('</w:body></w:document>'));
  return {
    packed: Buffer.concat([
      deflateRawSync(head, pieces),
      ...Array.from({ length: copies }, () => piece),
      end,
    ]),
    size: head.length + copies * block.length + 22,
  };
}

/** A Word document that unpacks to two gigabytes, whatever its directory says. */
function bomb(toldSize: number | null): Uint8Array {
  const { packed, size } = bombXml(2048);
  const zip = Buffer.from(zipOf({ 'word/document.xml': '' }));
  const local = zip.indexOf('PK\x01\x02', 0, 'latin1');
  const header = Buffer.from(zip.subarray(0, 30 + 'word/document.xml'.length));
  const central = Buffer.from(zip.subarray(local, zip.length - 22));
  for (const [part, at] of [
    [header, 18],
    [central, 20],
  ] as const) {
    part.writeUInt32LE(packed.length, at);
    part.writeUInt32LE(toldSize ?? size, at + 4);
  }
  const end = Buffer.from(zip.subarray(zip.length - 22));
  end.writeUInt32LE(header.length + packed.length, 16);
  return Buffer.concat([header, packed, central, end]);
}

const utf8 = (text: string): Uint8Array => Buffer.from(text);
const deep = 1_000_000;

/** Files that would stop a careless reader, and what is said of each; made here since they are large. */
export const hostileDocuments: Readonly<
  Record<string, { readonly make: () => Uint8Array; readonly says: RegExp }>
> = {
  'bomb.docx': { make: () => bomb(null), says: /refused: it unpacks to far more/ },
  'lying-bomb.docx': { make: () => bomb(1000), says: /damaged|unpacks to far more/ },
  'bomb.epub': {
    make: () =>
      zipOf({
        mimetype: 'application/epub+zip',
        'META-INF/container.xml': '<c><rootfile full-path="a.opf"/></c>',
        'a.opf': '<p><item id="a" href="a.html"/><itemref idref="a"/></p>',
        'a.html': `<p>${'A'.repeat(200 * mebibyte)}`,
      }),
    says: /refused: it unpacks to far more/,
  },
  'bomb.gz': {
    make: () => gzipSync(Buffer.alloc(400 * mebibyte, 'A')),
    says: /refused: it unpacks to far more/,
  },
  'overlap.zip': {
    make: () => overlapping(3000, 10 * mebibyte),
    says: /refused|damaged|takes too|needs too/,
  },
  'slip.zip': {
    make: () => zipOf({ '../../../tmp/slip.txt': 'x', 'ok.txt': 'fine' }),
    says: /refused: it contains paths outside the archive/,
  },
  'many.zip': {
    make: () =>
      zipOf(Object.fromEntries(Array.from({ length: 20_001 }, (_, index) => [`${index}.txt`, 'x']))),
    says: /refused: it contains more than 20000 files/,
  },
  'deep.docx': {
    make: () => zipOf({ 'word/document.xml': `${word}${'<w:sdt>'.repeat(deep)}` }),
    says: /refused: its parts are nested too deeply/,
  },
  'entities.docx': {
    make: () =>
      zipOf({
        'word/document.xml':
          '<!DOCTYPE d [<!ENTITY a "lol"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">]><d><p><r><t>x&b;y</t></r></p></d>',
      }),
    says: /refused: its XML declares entities/,
  },
  'outside.docx': {
    make: () =>
      zipOf({
        'word/document.xml':
          '<!DOCTYPE d [<!ENTITY x SYSTEM "file:///etc/hostname">]><d><p><r><t>x&x;y</t></r></p></d>',
      }),
    says: /refused: its XML declares entities/,
  },
  'deep.html': {
    make: () => utf8(`<!doctype html>${'<div>'.repeat(deep)}deep`),
    says: /refused: its parts are nested too deeply/,
  },
  'deep.rtf': {
    make: () => utf8(`{\\rtf1 ${'{\\b '.repeat(deep)}deep`),
    says: /refused: its parts are nested too deeply/,
  },
  'deep.json': {
    make: () => utf8(`[["a"],${'['.repeat(1000)}"x"${']'.repeat(1000)}]`),
    says: /refused: its JSON is nested too deeply/,
  },
  // A page of thirty million words, in 170 KB.
  'endless.pdf': {
    make: () => {
      const lines = deflateRawSync(
        Buffer.from('BT /F1 12 Tf 10 400 Td (Hello) Tj ET\n'.repeat(30_000)),
        pieces,
      );
      return pdfOf(Buffer.concat([Buffer.from([0x78, 0x9c]), ...Array.from({ length: 1000 }, () => lines)]));
    },
    says: /(?:takes too long|needs too much memory)/,
  },
};

/** Files that look hostile but contain a text. */
export const odd: Readonly<Record<string, { readonly make: () => Uint8Array; readonly characters: number }>> =
  {
    'entities.html': {
      make: () => utf8(`<!doctype html><p>${'&amp;&#x41;&notit;&#55555555555;'.repeat(50_000)}</p>`),
      characters: 350_001,
    },
    'attributes.html': {
      make: () =>
        utf8(
          `<!doctype html><p ${Array.from({ length: 300_000 }, (_, index) => `a${index}=1`).join(' ')}>x</p>`,
        ),
      characters: 2,
    },
    'comments.html': { make: () => utf8(`<!doctype html><p>a</p>${'<!--'.repeat(500_000)}`), characters: 2 },
  };
