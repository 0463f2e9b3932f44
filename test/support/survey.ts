import { bytesEncoding, createDecoding } from '../../src/engine/dataset/decoding/encodings.ts';
import { TextSurveyor, type TextSurvey } from '../../src/engine/dataset/survey/text-survey.ts';

/** Surveys a text (or bytes) that comes in pieces of the given size. */
export function surveyOf(
  text: string | Uint8Array,
  { encoding = 'utf-8', piece = 1_000_000 } = {},
): TextSurvey {
  const bytes = typeof text === 'string' ? Buffer.from(text) : text;
  const surveyor = new TextSurveyor(encoding === bytesEncoding ? 'bytes' : 'characters');
  const decoding = createDecoding(encoding);
  for (let at = 0; at < bytes.length; at += piece)
    surveyor.add(decoding.decode(bytes.subarray(at, at + piece)));
  surveyor.add(decoding.finish());
  return surveyor.finish();
}
