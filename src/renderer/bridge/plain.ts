/**
 * Plain data, as JSON can carry it. Both transports send exactly this, so that no page depends on what only one of them can carry, and Svelte's state
 * proxies, which Electron cannot copy, are sent as their values.
 */
export function plain(value: unknown): unknown {
  return value === undefined ? undefined : JSON.parse(JSON.stringify(value));
}
