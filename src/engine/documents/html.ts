import { Parser } from 'htmlparser2';
import { decodeText } from './decode.ts';
import { HtmlText } from './html-text.ts';
import { documentLimits } from './limits.ts';
import {
  beyondLimits,
  joinParagraphs,
  problemsOf,
  readAs,
  wereOf,
  type ReadDocument,
  type Reading,
} from './reading.ts';

/** Elements without an end. */
const empty = new Set('area base br col embed hr img input link meta source track wbr'.split(' '));
const portion = 1 << 16;

/**
 * Reads an HTML page as a browser shows it, without scripts, styles, forms and pictures; nothing is loaded or run.
 * @throws CharloomError('bad-text') if it is nested too deeply
 */
export function readHtml(bytes: Uint8Array, reading: Reading): ReadDocument {
  const encoding = reading.choices.encoding ?? declaredEncoding(bytes);
  const page = textOfHtml(decodeText(bytes, encoding), reading.name);
  return readAs('html', joinParagraphs(page.paragraphs), {
    problems: problemsOf([[page.pictures, (count) => `${wereOf(count, 'picture')} left out.`]]),
  });
}

/** The paragraphs of a page, from the events of its markup: no tree is built, so its size and depth cost nothing. */
export function textOfHtml(source: string, name: string): HtmlText {
  const text = new HtmlText();
  let open = 0;
  const parser = new Parser(
    {
      onopentag: (tag, attributes) => {
        if (empty.has(tag)) return text.empty(tag);
        // The parser looks through all open elements at each end: quadratic in their depth.
        if (++open > documentLimits.htmlDepth) throw beyondLimits(name, 'its parts are nested too deeply');
        text.open(tag, attributes);
      },
      ontext: (piece) => text.text(piece),
      onclosetag: (tag) => {
        if (empty.has(tag)) return;
        open -= 1;
        text.close(tag);
      },
    },
    { decodeEntities: true, recognizeSelfClosing: true, lowerCaseTags: true },
  );
  for (let start = 0; start < source.length; start += portion) {
    parser.write(source.slice(start, start + portion));
  }
  parser.end();
  text.end();
  return text;
}

/** The encoding that a page names in its head; null if it names no known one, and it must be guessed. */
function declaredEncoding(bytes: Uint8Array): string | null {
  const head = new TextDecoder('latin1').decode(bytes.subarray(0, 2048));
  const declared = /<(?:meta|\?xml)[^>]{0,200}?(?:charset|encoding)\s*=\s*["']?\s*([\w-]+)/i.exec(head)?.[1];
  if (declared === undefined || bytes[0] === 0xff || bytes[0] === 0xfe) return null;
  try {
    return new TextDecoder(declared).encoding;
  } catch {
    return null;
  }
}
