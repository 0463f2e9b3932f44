import { gzipSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import { detectKind } from '../../../src/engine/documents/detect.ts';
import { fixture, fixtureText, read, readFixture, zipOf } from '../../support/documents.ts';

describe('exports, subtitles and tables give the right answers', () => {
  test.each([
    ['chats/WhatsApp Chat with Ben.txt', 'whatsapp', 'chats/WhatsApp Chat with Ben.expected.txt', {}],
    ['chats/_chat.txt', 'whatsapp', 'chats/_chat.expected.txt', {}],
    ['chats/result.json', 'telegram', 'chats/result.expected.txt', {}],
    ['chats/discord.json', 'discord', 'chats/discord.expected.txt', {}],
    ['subtitles/a.srt', 'srt', 'subtitles/a.expected.txt', {}],
    ['subtitles/b.vtt', 'vtt', 'subtitles/b.expected.txt', {}],
    ['tables/quotes.csv', 'csv', 'tables/quotes.body.expected.txt', { column: 'Body' }],
    ['tables/quotes.csv', 'csv', 'tables/quotes.body.expected.txt', { column: '3' }],
    ['tables/latin1.tsv', 'tsv', 'tables/latin1.text.expected.txt', { encoding: 'latin1' }],
    ['tables/poems.jsonl', 'jsonl', 'tables/poems.poem.text.expected.txt', { field: 'poem.text' }],
  ])('%s', async (file, kind, right, choices) => {
    const result = await readFixture(file, choices);
    expect(result.kind).toBe(kind);
    expect(result.text).toBe(fixtureText(right));
  });
});

describe('choosing', () => {
  test('a column: the one with the most text, and a doubt where others have as much', async () => {
    const { choice, problems } = await readFixture('tables/quotes.csv');
    expect(choice).toMatchObject({ kind: 'column', taken: 'body', isSure: false });
    expect(choice?.options.map(({ name }) => name)).toEqual(['id', 'title', 'body']);
    expect(problems).toEqual([expect.stringContaining('“body”')]);
    const clear = await read('id,text\n1,a long text that is clear\n2,"another, longer"\n');
    expect(clear).toMatchObject({
      choice: { isSure: true },
      text: 'a long text that is clear\n\nanother, longer\n',
    });
  });

  test('a missing column, field or speaker names the existing ones', async () => {
    await expect(readFixture('tables/quotes.csv', { column: 'none' })).rejects.toMatchObject({
      fix: 'It has “id”, “title”, “body”.',
    });
    await expect(readFixture('tables/poems.jsonl', { field: 'none' })).rejects.toMatchObject({
      fix: 'It has “title”, “poem.text”.',
    });
    await expect(readFixture('chats/result.json', { speaker: 'Zoe' })).rejects.toMatchObject({
      fix: 'Its speakers: “Anna”, “Ben”, “Deleted account”.',
    });
  });

  test('a speaker: only what is said, without names', async () => {
    const { text, choice } = await readFixture('chats/_chat.txt', { speaker: 'Ben K.' });
    expect(text).toBe('Dir auch: alles Gute\n');
    expect(choice?.options.map(({ name }) => name)).toEqual(['Anna', 'Ben K.']);
    expect((await readFixture('chats/discord.json', { withNames: false })).text).toBe(
      'Hi there\nHello <@1> :)\n',
    );
  });

  test('fields of JSON whatever they are called, lists of strings as lines', async () => {
    const poems = JSON.stringify({
      poems: [
        { title: 'A', lines: ['one', 'two'] },
        { title: 'B', lines: ['three'] },
      ],
    });
    expect((await read(poems, { field: 'poems.lines' })).text).toBe('one\ntwo\n\nthree\n');
    const odd = '[{"__proto__": "a", "constructor": "words"}]';
    expect((await read(odd, { field: 'constructor' })).text).toBe('words\n');
    expect((await read('["first", "second one"]')).text).toBe('first\n\nsecond one\n');
  });
});

describe('archives', () => {
  test('hold files in natural order, each as what it is', async () => {
    const { kind, text, members, problems } = await read(
      zipOf({
        'b/10.txt': 'ten',
        'b/9.html': '<!doctype html><p>nine',
        '__MACOSX/b/._9.html': 'x',
        'b/.DS_Store': 'x',
        'picture.png': Buffer.from('\x89PNG\r\n\x1a\n', 'latin1'),
      }),
    );
    expect({ kind, text }).toEqual({ kind: 'zip', text: 'nine\n\nten\n' });
    expect(members.map((member) => [member.name, member.kind, member.characters])).toEqual([
      ['b/9.html', 'html', 5],
      ['b/10.txt', 'text', 3],
    ]);
    expect(problems).toEqual([expect.stringContaining('picture.png is a PNG picture')]);
  });

  test('of one file are that file', async () => {
    const packed = await read(gzipSync(fixture('texts/pan-notes.docx')));
    expect(packed.kind).toBe('docx');
    expect(packed.text).toBe((await readFixture('texts/pan-notes.docx')).text);
  });

  test('within archives are read once more, and not twice', async () => {
    const inner = zipOf({ 'a.txt': 'deep' });
    expect((await read(zipOf({ 'inner.zip': inner }))).text).toBe('deep\n');
    await expect(read(zipOf({ 'outer.zip': zipOf({ 'inner.zip': inner }) }))).rejects.toMatchObject({
      message: expect.stringContaining('archives are nested too deeply') as string,
    });
  });

  test.each([
    ['xl/workbook.xml', 'a spreadsheet', 'CSV'],
    ['ppt/presentation.xml', 'a presentation', 'plain text'],
    ['model/data.pkl', 'a checkpoint of PyTorch', 'text'],
  ])('that are no texts are named: %s', async (part, what, fix) => {
    await expect(read(zipOf({ [part]: 'x' }))).rejects.toMatchObject({
      message: `file is ${what}.`,
      fix: expect.stringContaining(fix) as string,
    });
  });
});

describe('what a file is', () => {
  const kindOf = (text: string): string => detectKind(new TextEncoder().encode(text), true);

  test.each([
    ['verse with a comma in each line', 'Tyger Tyger, burning bright,\nIn the forests, of the night;\n'],
    ['verse of two halves', 'To be, or not to be\nTo die, to sleep no more\nTo sleep, perchance to dream\n'],
    ['prose', 'It was, after all, a cold day.\nHe said: 12, 13, and 14.\n'],
    ['tabs in code', 'function\tmain()\n\treturn\t1;\n\t\tmore\n'],
    ['chess', '[Event "F/S"]\n[Site "Belgrade"]\n\n1. e4 e5 2. Nf3 Nc6\n'],
    ['ABC music', 'X:1\nT:Speed the Plough\nM:4/4\nK:G\n|:GABc dedB|\n'],
    ['a text about tags', 'The <html> element is the root.\n<p>is a paragraph\n'],
    ['a fragment of markup', '<p>one</p>\n<p>two</p>\n'],
    ['notes with braces', '{this is no JSON}\n'],
    ['JSON with an error', '{"a": "b",}\n'],
    ['a list of names', 'Anna\nBen\nCarl\n'],
    ['two words in a line', 'cat,dog\n'],
    ['a diary', '24.12.23 Snow again.\n25.12.23 More of it.\n'],
    ['numbered lines', '1\nfirst\n\n2\nsecond\n'],
    ['a play', 'ANNA: To be?\nBEN: Or not.\n'],
  ])('may be a plain text: %s', (_, text) => {
    expect(kindOf(text)).toBe('text');
  });

  test.each([
    ['csv', 'id,text\n1,hello\n2,world\n'],
    ['tsv', 'name\ttext\na\tb\n'],
    ['json', '[{"a": "b"}]'],
    ['jsonl', '{"a": "b"}\n{"a": "c"}\n'],
    ['html', '<?xml version="1.0"?>\n<!-- x -->\n<html><p>a'],
    ['rtf', '\ufeff{\\rtf1 a}'],
    ['vtt', 'WEBVTT\n\n00:01.000 --> 00:02.000\na\n'],
  ])('is told by its content: %s', (kind, text) => {
    expect(kindOf(text)).toBe(kind);
  });

  test.each(['docx-as.pdf', 'rtf-as.docx'])('and not by its name: %s', async (file) => {
    expect((await readFixture(`hostile/${file}`)).kind).toBe(file.slice(0, file.indexOf('-')));
  });
});
