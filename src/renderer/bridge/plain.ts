/**
 * Plain data, as JSON carries it. Both transports send exactly this, so that no page comes to depend on what only one of them can carry,
 * and Svelte's state proxies, which Electron refuses to copy, leave as what they stand for.
 */
export function plain(value: unknown): unknown {
  return value === undefined ? undefined : JSON.parse(JSON.stringify(value));
}
