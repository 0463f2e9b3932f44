import { damaged, joinParagraphs, problemsOf, readAs, type ReadDocument, type Reading } from './reading.ts';

/**
 * Reads a document of Word 97 to 2003: its body, then its notes.
 * @throws CharloomError('bad-text') if it is damaged, encrypted or not a Word document
 */
export async function readDoc(bytes: Uint8Array, { name }: Reading): Promise<ReadDocument> {
  const { default: WordExtractor } = await import('word-extractor');
  try {
    // The library takes a Buffer: a view on the same memory.
    const document = await new WordExtractor().extract(
      Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength),
    );
    const body = paragraphsOf(document.getBody());
    const notes = [...paragraphsOf(document.getFootnotes()), ...paragraphsOf(document.getEndnotes())];
    return readAs('doc', joinParagraphs([...body, ...notes]), {
      problems: problemsOf([[notes.length, () => 'The notes were put at the end of the text.']]),
    });
  } catch (error) {
    throw damaged(name, 'it contains no Word text', error);
  }
}

/** A line end ends a paragraph; a line break within one is a vertical tab, or the library's form of it. */
function paragraphsOf(text: string): readonly string[] {
  return text
    .split('\n')
    .map((paragraph) => paragraph.replaceAll('\u000b', '\n').replace(/[ \t]+$/, ''))
    .filter((paragraph) => paragraph.trim() !== '');
}
