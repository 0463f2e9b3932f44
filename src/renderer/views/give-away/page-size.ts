import type { ModelSpec } from '../../../shared/domain/model-spec.ts';
import {
  pageBytes,
  pageWeightBytes,
  type PagePrecision,
  type writingPageSchema,
} from '../../../shared/domain/writing-page.ts';
import { formatBytes } from '../../../shared/format/numbers.ts';

/** How large a page gets. */
export function pageSizeWords(spec: ModelSpec, precision: PagePrecision): string {
  const bytes = pageWeightBytes(spec, precision);
  const large =
    bytes > pageBytes.warned
      ? ` Above ${formatBytes(pageBytes.warned)} a page is slow to send and to open.`
      : '';
  return `About ${formatBytes(bytes)}.${large}`;
}

/** Why no page can be written; null when it can. */
export function pageProblem(
  spec: ModelSpec,
  precision: PagePrecision,
  page: ReturnType<typeof writingPageSchema.safeParse>,
): string | null {
  if (pageWeightBytes(spec, precision) > pageBytes.most) {
    const smaller = precision === 'float32' ? 'Choose half the size, or give' : 'Give';
    return `A page has at most ${formatBytes(pageBytes.most)}. ${smaller} away a smaller model.`;
  }
  if (page.success) return null;
  switch (page.error.issues[0]?.path[0]) {
    case 'title':
      return 'The page needs a title.';
    case 'temperature':
      return 'The temperature must be within the range of its slider.';
    default:
      return 'One of the fields is longer than a page allows.';
  }
}
