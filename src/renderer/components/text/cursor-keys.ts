import { neighbour, wordNeighbour, type WrittenText } from '../../stores/writing/written-text.ts';

/**
 * Where a key moves the cursor in a text that is not empty, as in a text field; undefined for any other key.
 * @param cursor null before the first move: an arrow key then starts at the end it comes from
 */
export function positionByKey(
  text: WrittenText,
  cursor: number | null,
  { key, ctrlKey, metaKey }: Pick<KeyboardEvent, 'key' | 'ctrlKey' | 'metaKey'>,
): number | undefined {
  const step = ctrlKey || metaKey ? wordNeighbour : neighbour;
  const last = text.length - 1;
  switch (key) {
    case 'ArrowRight':
      return cursor === null ? 0 : step(text, cursor, 1);
    case 'ArrowLeft':
      return cursor === null ? last : step(text, cursor, -1);
    case 'Home':
      return 0;
    case 'End':
      return last;
    default:
      return undefined;
  }
}
