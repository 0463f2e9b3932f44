import { z } from 'zod';
import type { ModelSpec } from './model-spec.ts';
import { parameterCount } from './model-tensors.ts';
import { sampleSettings } from './sample-settings.ts';

/** The number format of a page's weights: exact, or half the size. */
export const pagePrecisions = ['float32', 'float16'] as const;
export type PagePrecision = (typeof pagePrecisions)[number];

/** Bytes of a finished page: above the first it is slow to send and to open, above the second it is not written. */
export const pageBytes = { warned: 10_000_000, most: 50_000_000 } as const;

/** Bytes of exact weights up to which a page uses them unless its author decides otherwise. */
export const exactPageBytes = 5_000_000;

/** Bytes of a page's weights: base64 needs four characters for three bytes. They make up nearly all of the page. */
export function pageWeightBytes(spec: ModelSpec, precision: PagePrecision): number {
  return Math.ceil((parameterCount(spec) * (precision === 'float32' ? 4 : 2)) / 3) * 4;
}

/** How exact the weights of a page are unless its author decides otherwise. */
export function usualPrecision(spec: ModelSpec): PagePrecision {
  return parameterCount(spec) * 4 <= exactPageBytes ? 'float32' : 'float16';
}

/** Limits of what an author writes into a page. */
export const pageLimits = {
  title: 120,
  author: 120,
  about: 4000,
  licence: 1000,
  openingWords: 2000,
} as const;

const { temperature, length, seed } = sampleSettings;
const temperatureSchema = z.number().gt(temperature.minimum).max(temperature.maximum);

const writingPageFields = {
  title: z.string().trim().min(1).max(pageLimits.title),
  /** The author; '' if not given, as below. */
  author: z.string().trim().max(pageLimits.author),
  about: z.string().trim().max(pageLimits.about),
  licence: z.string().trim().max(pageLimits.licence),
  openingWords: z.string().max(pageLimits.openingWords),
  /** The initial value and range of the page's slider. */
  temperature: temperatureSchema,
  lowestTemperature: temperatureSchema,
  highestTemperature: temperatureSchema,
  /** Symbols written each time Write is pressed. */
  length: z.int().min(length.minimum).max(100_000),
  seed: z.int().min(seed.minimum).max(seed.maximum),
};

/** What an author decides about a page that writes, besides its weights. */
export const writingPageSchema = z
  .strictObject(writingPageFields)
  .refine(
    ({ temperature: begin, lowestTemperature: low, highestTemperature: high }) =>
      low <= begin && begin <= high && low < high,
    { error: 'the temperature is outside its range', path: ['temperature'] },
  );
export type WritingPage = Readonly<z.infer<typeof writingPageSchema>>;

/** The same, read from a page of any version: unknown fields are dropped. */
export const storedWritingPageSchema = z.object(writingPageFields);

/** A page before its author has changed anything. */
export const defaultWritingPage: Omit<WritingPage, 'title'> = {
  author: '',
  about: '',
  licence: '',
  openingWords: '',
  temperature: 0.8,
  lowestTemperature: 0.2,
  highestTemperature: 1.5,
  length: 1000,
  seed: 123,
};
