import { discordMessages, readDiscord } from './chats/discord.ts';
import { readTelegram, telegramChats } from './chats/telegram.ts';
import { decodeText } from './decode.ts';
import { readJson, readJsonValue } from './json.ts';
import { readAs, type ReadDocument, type Reading } from './reading.ts';

/**
 * Reads JSON: a chat export as a chat, records by one of their fields. Malformed JSON is read as plain text.
 * @throws CharloomError('bad-text') if it contains no text, or has no such field or speaker
 */
export function readJsonLike(kind: 'json' | 'jsonl', bytes: Uint8Array, reading: Reading): ReadDocument {
  const text = decodeText(bytes, reading.choices.encoding);
  if (kind === 'jsonl') return readJson(text, reading);
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return readAs('text', text);
  }
  const telegram = telegramChats(value);
  if (telegram !== null) return readTelegram(telegram, reading);
  const discord = discordMessages(value);
  return discord === null ? readJsonValue(value, reading) : readDiscord(discord, reading);
}
