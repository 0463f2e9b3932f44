import { SaxesParser, type SaxesAttributeNS } from 'saxes';
import { CharloomError } from '../../shared/errors.ts';
import { documentLimits } from './limits.ts';
import { beyondLimits, damaged } from './reading.ts';

/** The value of an attribute by its local name, with any prefix. */
export type Attributes = (local: string) => string | undefined;

/** What to do at each part of a document; names are local. */
export interface XmlHandler {
  open?(name: string, attributes: Attributes): void;
  text?(text: string): void;
  close?(name: string): void;
}

const portion = 1 << 16;

/**
 * Reads XML event by event. Declared entities are refused, so none can expand or fetch anything; saxes knows the five that XML predefines.
 * @throws CharloomError('bad-text') if it is damaged, nested too deeply or declares entities
 */
export function walkXml(bytes: Uint8Array, name: string, handler: XmlHandler): void {
  const parser = new SaxesParser({ xmlns: true });
  let depth = 0;
  parser.on('error', (error) => {
    throw damaged(name, 'its XML is not well formed', error);
  });
  parser.on('doctype', (doctype) => {
    if (/<!ENTITY/i.test(doctype)) throw beyondLimits(name, 'its XML declares entities');
  });
  parser.on('opentag', (tag) => {
    if (++depth > documentLimits.xmlDepth) throw beyondLimits(name, 'its parts are nested too deeply');
    handler.open?.(tag.local, (local) => attribute(tag.attributes, local));
  });
  parser.on('closetag', (tag) => {
    depth -= 1;
    handler.close?.(tag.local);
  });
  parser.on('text', (text) => handler.text?.(text));
  parser.on('cdata', (text) => handler.text?.(text));
  const text = decodeXml(bytes);
  try {
    for (let start = 0; start < text.length; start += portion) {
      parser.write(text.slice(start, start + portion));
    }
    parser.close();
  } catch (error) {
    throw error instanceof CharloomError ? error : damaged(name, 'its XML is not well formed', error);
  }
}

function attribute(attributes: Record<string, SaxesAttributeNS>, local: string): string | undefined {
  return Object.values(attributes).find((each) => each.local === local)?.value;
}

/** Decodes XML or XHTML: by its byte order mark, else by the encoding it declares. */
export function decodeXml(bytes: Uint8Array): string {
  if (bytes[0] === 0xff && bytes[1] === 0xfe) return new TextDecoder('utf-16le').decode(bytes);
  if (bytes[0] === 0xfe && bytes[1] === 0xff) return new TextDecoder('utf-16be').decode(bytes);
  const head = new TextDecoder('latin1').decode(bytes.subarray(0, 200));
  const declared = /encoding\s*=\s*["']([\w-]+)["']/.exec(head)?.[1] ?? 'utf-8';
  try {
    return new TextDecoder(declared).decode(bytes);
  } catch {
    return new TextDecoder().decode(bytes);
  }
}
