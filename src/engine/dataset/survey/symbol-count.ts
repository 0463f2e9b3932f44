/** How often a symbol occurs in a text. */
export interface SymbolCount {
  readonly code: number;
  readonly count: number;
  /** Line of its first appearance, from 1. */
  readonly firstLine: number;
}
