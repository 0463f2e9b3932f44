import { decodeText } from '../decode.ts';
import type { ReadDocument, Reading } from '../reading.ts';
import { textOfChat, type ChatMessage } from './messages.ts';

/** The start of a message: iOS writes "[24.12.23, 18:03:11] Anna: ", Android "12/24/23, 6:03 PM - Anna: ". */
const stamp = String.raw`\d{1,4}[./-]\d{1,2}[./-]\d{1,4},?[ \u00a0\u202f]+\d{1,2}[:.]\d{2}(?:[:.]\d{2})?(?:[ \u00a0\u202f]*[AaPp]\.?[ \u00a0]?[Mm]\.?)?`;
const beginning = new RegExp(String.raw`^\u200e?(?:\[${stamp}\] |${stamp} - )`);
/** WhatsApp puts this mark before its own text. */
const ownMark = '\u200e';
/** "<Media omitted>", in the language of the phone. */
const placeholder = /^<[^<>\n]{1,60}>$/;
const editedMark = /[ ]?\u200e?<[^<>\n]{1,60}edited>$/;

/** Number of lines checked to detect the kind of a text. */
const looked = 50;

/** Whether a text is the export of a WhatsApp chat. */
export function isWhatsApp(head: string): boolean {
  const lines = head.split(/\r?\n/, looked).filter((line) => line.trim() !== '');
  const begun = lines.filter((line) => beginning.test(line));
  return lines[0] !== undefined && beginning.test(lines[0]) && begun.some((line) => nameOf(line) !== null);
}

/**
 * Reads the export of a WhatsApp chat, from Android or iOS.
 * @throws CharloomError('bad-text') if the chosen speaker does not occur
 */
export function readWhatsApp(bytes: Uint8Array, reading: Reading): ReadDocument {
  const found: { speaker: string; lines: string[] }[] = [];
  let service = 0;
  for (const line of decodeText(bytes, reading.choices.encoding).split(/\r?\n/)) {
    if (!beginning.test(line)) {
      found.at(-1)?.lines.push(line);
      continue;
    }
    const named = nameOf(line);
    // Lines after a message of the program belong to it.
    if (named === null) service += 1;
    found.push(named === null ? { speaker: '', lines: [] } : { speaker: named.speaker, lines: [named.text] });
  }
  const messages: ChatMessage[] = [];
  let media = 0;
  for (const { speaker, lines } of found) {
    const text = lines.join('\n').replace(editedMark, '').trim();
    if (speaker === '') continue;
    if (text.startsWith(ownMark) || placeholder.test(text)) media += 1;
    else if (text !== '') messages.push({ speaker, text });
  }
  return textOfChat('whatsapp', { messages, media, service }, reading);
}

/** The speaker and text of a line that starts a message; null for WhatsApp's own messages. */
function nameOf(line: string): { readonly speaker: string; readonly text: string } | null {
  const rest = line.replace(beginning, '');
  const at = rest.indexOf(': ');
  if (at < 1 || at > 100) return null;
  return { speaker: rest.slice(0, at), text: rest.slice(at + 2) };
}
