/** How ports that were handed to a child process reach it: over the channel that it has anyway. */
export type PortMessage =
  | { readonly doublePort: 'handed'; readonly ids: readonly number[]; readonly message: unknown }
  | { readonly doublePort: 'message'; readonly id: number; readonly data: unknown }
  | { readonly doublePort: 'close'; readonly id: number };

export function isPortMessage(message: unknown): message is PortMessage {
  return typeof message === 'object' && message !== null && 'doublePort' in message;
}
