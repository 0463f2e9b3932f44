import type { ElementType, T7Storage } from './values.ts';

/** The primitives of a .t7 file in order. A value larger than the rest of the file is refused before memory is allocated for it. */
export interface T7Source {
  /** Whether everything has been read. */
  readonly isAtEnd: boolean;
  /** Bytes that are left. */
  readonly left: number;
  /** 32 bits. */
  int(): number;
  /** 64 bits. */
  long(): number;
  double(): number;
  /** Bytes as code units. */
  text(length: number): string;
  skip(length: number): void;
  storage(type: ElementType, count: number): T7Storage;
}
