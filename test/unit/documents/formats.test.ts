import { describe, expect, test } from 'vitest';
import {
  compareWords,
  docxOf,
  fixtureText,
  read,
  readFixture,
  sharedParagraphs,
  zipOf,
} from '../../support/documents.ts';

/** A title paragraph on top, and bullets that a program wrote as letters, are no loss. */
const addedAtMost: Readonly<Record<string, number>> = { alice: 10, mixed: 7, notes: 57, codepages: 0 };

describe('documents of pandoc and LibreOffice lose nothing', () => {
  test.each([
    ...['docx', 'odt', 'epub', 'html', 'rtf'].flatMap((kind) => [
      [`pan-alice.${kind}`, 'alice', 70],
      [`pan-mixed.${kind}`, 'mixed', kind === 'rtf' ? 17 : 19],
      [`pan-notes.${kind}`, 'notes', 5],
    ]),
    ...['docx', 'odt', 'epub', 'rtf'].flatMap((kind) => [
      [`lo-mixed.${kind}`, 'mixed', 19],
      [`lo-notes.${kind}`, 'notes', 5],
    ]),
    ['lo-mixed.html', 'mixed', 19],
    ['lo-notes.doc', 'notes', 5],
    ['codepages.rtf', 'codepages', 4],
  ] as [file: string, right: string, paragraphs: number][])('%s', async (file, right, paragraphs) => {
    const answer = fixtureText(`texts/${right}.txt`);
    const { kind, text } = await readFixture(`texts/${file}`);
    expect(kind).toBe(file.split('.')[1]);
    const { lost, added } = compareWords(answer, text);
    expect(lost).toBe(0);
    expect(added).toBeLessThanOrEqual(addedAtMost[right] ?? 0);
    expect(sharedParagraphs(answer, text)[0]).toBe(paragraphs);
    expect(text.endsWith('\n')).toBe(true);
  });
});

describe('notes', () => {
  test.each([
    'pan-notes.docx',
    'lo-notes.docx',
    'pan-notes.odt',
    'pan-notes.rtf',
    'lo-notes.rtf',
    'lo-notes.doc',
  ])('are at the end: %s', async (file) => {
    const { text, problems } = await readFixture(`texts/${file}`);
    expect(text).toMatch(/Last words\.\n\n.*first note, with italics\.\n+.*second note\.\n$/s);
    expect(problems.join()).toContain('at the end of the text');
  });

  test.each(['pan-notes.epub', 'lo-notes.epub', 'pan-notes.html'])('leave no marks: %s', async (file) => {
    const { text } = await readFixture(`texts/${file}`);
    expect(text).toContain('has a note. It goes on');
    expect(text).not.toMatch(/[↩\d]/);
  });
});

describe('a Word document', () => {
  const paragraph = (inner: string): string => `<w:p>${inner}</w:p>`;
  const run = (text: string, properties = ''): string => `<w:r>${properties}<w:t>${text}</w:t></w:r>`;

  test('leaves out what was deleted, hidden, moved away, or is a field', async () => {
    const { text, problems } = await read(
      docxOf(
        paragraph(
          run('kept ') +
            `<w:del><w:r><w:delText>deleted </w:delText></w:r></w:del>` +
            run('secret ', '<w:rPr><w:vanish/></w:rPr>') +
            run('shown ', '<w:rPr><w:vanish w:val="0"/></w:rPr>') +
            `<w:moveFrom>${run('moved ')}</w:moveFrom>` +
            '<w:r><w:instrText>HYPERLINK "x"</w:instrText></w:r>' +
            `<w:ins>${run('inserted')}</w:ins>`,
        ),
      ),
    );
    expect(text).toBe('kept shown inserted\n');
    expect(problems).toEqual(['2 deleted passages were left out.', '1 hidden passage was left out.']);
  });

  test('keeps tables, line breaks and text boxes in their places, and no table of contents', async () => {
    const cell = (text: string): string => `<w:tc>${paragraph(run(text))}</w:tc>`;
    const contents =
      '<w:sdt><w:sdtPr><w:docPartObj><w:docPartGallery w:val="Table of Contents"/></w:docPartObj></w:sdtPr>' +
      `<w:sdtContent>${paragraph(run('Chapter 1 .... 3'))}</w:sdtContent></w:sdt>`;
    const { text, problems } = await read(
      docxOf(
        contents +
          paragraph(`${run('one')}<w:r><w:br/></w:r>${run('two')}`) +
          `<w:tbl><w:tr>${cell('a')}${cell('b')}</w:tr><w:tr>${cell('c')}${cell('d')}</w:tr></w:tbl>` +
          `<w:sdt><w:sdtPr/><w:sdtContent>${paragraph(run('last'))}</w:sdtContent></w:sdt>`,
      ),
    );
    expect(text).toBe('one\ntwo\n\na\tb\nc\td\n\nlast\n');
    expect(problems).toEqual(['The table of contents was left out.']);
  });

  test('is found by what its package says', async () => {
    const { text } = await read(
      zipOf({
        '[Content_Types].xml': '<Types/>',
        '_rels/.rels':
          '<Relationships><Relationship Type="http://x/relationships/officeDocument" Target="/other/text.xml"/></Relationships>',
        'other/text.xml': '<d><p><r><t>found</t></r></p></d>',
      }),
    );
    expect(text).toBe('found\n');
  });
});

describe('a page', () => {
  test.each([
    ['<!doctype html><p>a  b<br>c</p><script>x()</script><div>d<p>e</div>', 'a b\nc\n\nd\n\ne\n'],
    ['<html><body><pre>  if (x)\n    y();\n</pre>', '  if (x)\n    y();\n'],
    ['<!DOCTYPE HTML>caf&eacute; &amp; &#x263a; A<b>B</b>C <i>D</i>', 'café & ☺ ABC D\n'],
    ['<!doctype html><table><tr><td>1<td><p>2</p><tr><td>3<td>4</table>after', '1\t2\n3\t4\n\nafter\n'],
    ['<!doctype html><table><tr><td><p>one<p>two</td><td>side</td></tr></table>', 'one\n\ntwo\n\nside\n'],
    ['<!doctype html><ruby>漢<rp>(</rp><rt>kan</rt><rp>)</rp></ruby>', '漢\n'],
  ])('%s', async (source, text) => {
    expect((await read(source)).text).toBe(text);
  });

  test('runs nothing and loads nothing', async () => {
    const { text } = await read(
      '<!doctype html><p>a</p><script>throw 1</script><img src="http://127.0.0.1:9/"><p>b',
    );
    expect(text).toBe('a\n\nb\n');
  });

  test('is decoded as it says', async () => {
    const page = Buffer.from('<!doctype html><meta charset=iso-8859-2><p>\xb3\xf3d\xbc', 'latin1');
    expect((await read(page)).text).toBe('łódź\n');
  });
});

describe('a book', () => {
  const container = '<container><rootfiles><rootfile full-path="OPS/a.opf"/></rootfiles></container>';
  const book = (spine: string, chapters: Readonly<Record<string, string>>, items = ''): Uint8Array =>
    zipOf({
      mimetype: 'application/epub+zip',
      'META-INF/container.xml': container,
      'OPS/a.opf': `<package><manifest><item id="a" href="a%20b.xhtml"/><item id="n" href="n.xhtml" properties="nav"/>${items}</manifest><spine>${spine}</spine></package>`,
      ...chapters,
    });

  test('reads each chapter once, without its navigation', async () => {
    const { text } = await read(
      book(
        '<itemref idref="n"/><itemref idref="a"/><itemref idref="a"/><itemref idref="f"/>',
        {
          'OPS/a b.xhtml': '<html><body><p>chapter</p></body></html>',
          'OPS/n.xhtml': '<html><body><nav>contents</nav></body></html>',
        },
        '<item id="f" href="a%20b.xhtml#part"/>',
      ),
    );
    expect(text).toBe('chapter\n');
  });

  test('says what is missing, and reads no file outside of it', async () => {
    const { text, problems } = await read(
      book(
        '<itemref idref="a"/><itemref idref="o"/><itemref idref="m"/>',
        {
          'OPS/a b.xhtml': '<p>chapter</p>',
        },
        '<item id="o" href="../../../../etc/passwd"/><item id="m" href="missing.xhtml"/>',
      ),
    );
    expect(text).toBe('chapter\n');
    expect(problems).toEqual(['2 chapters are missing from the file.']);
  });

  test('that is copy-protected is not opened', async () => {
    const locked = book('<itemref idref="a"/>', {
      'META-INF/encryption.xml':
        '<encryption><EncryptedData><EncryptionMethod Algorithm="http://www.w3.org/2001/04/xmlenc#aes128-cbc"/></EncryptedData></encryption>',
    });
    await expect(read(locked)).rejects.toMatchObject({
      code: 'bad-text',
      message: expect.stringContaining('copy-protected') as string,
    });
  });
});
