import type { Bridge, ConnectionState } from '../../src/shared/ipc/contract.ts';
import type { Text } from '../../src/shared/domain/text.ts';

/** What the test page of test/renderer/bridge-page offers as `page`. */
export interface BridgePage {
  readonly bridge: Bridge;
  readonly states: ConnectionState[];
  readonly lines: string[];
  readonly fractions: number[];
  /** Everything of the page that might still show the address it was opened with. */
  traces(): string;
  /** Adds the file that was chosen in the page's input. */
  addChosenFile(): Promise<Text>;
  /** Tries to reach a host of another origin with a stolen token; returns the result of each attempt. */
  attack(address: string, token: string): Promise<readonly string[]>;
}
