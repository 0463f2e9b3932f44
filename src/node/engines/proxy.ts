/**
 * Whether this machine reaches the network through a proxy: pip and npm support proxies with all their settings; Node.js's own fetch does not.
 * @param others variables of the package manager that is used
 */
export function goesThroughProxy(others: readonly string[]): boolean {
  const names = ['HTTPS_PROXY', 'https_proxy', 'ALL_PROXY', 'all_proxy', ...others];
  return names.some((name) => (process.env[name] ?? '') !== '');
}
