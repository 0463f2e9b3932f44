/**
 * What a page may load and do: only what ships with Charloom. One function for every host, so that they cannot diverge. During
 * development, Vite's client needs its own socket and adds styles to the page.
 */
export function contentSecurityPolicy(mode: 'product' | 'development' = 'product'): string {
  const development = mode === 'development';
  return [
    "default-src 'none'",
    "script-src 'self'",
    `style-src 'self'${development ? " 'unsafe-inline'" : ''}`,
    "img-src 'self' data: blob:",
    "font-src 'self'",
    `connect-src 'self'${development ? ' ws://localhost:* ws://127.0.0.1:*' : ''}`,
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
  ].join('; ');
}

/** The same for the page in the desktop application's hidden window: its own script and nothing else. */
export const graphicsPolicy =
  "default-src 'none'; script-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

/** The headers of everything that a host serves. */
export function pageHeaders(mode: 'product' | 'development' = 'product'): Readonly<Record<string, string>> {
  return headersWith(contentSecurityPolicy(mode));
}

/** The headers of the files of the hidden window. */
export function graphicsHeaders(): Readonly<Record<string, string>> {
  return headersWith(graphicsPolicy);
}

function headersWith(policy: string): Readonly<Record<string, string>> {
  return {
    'Content-Security-Policy': policy,
    'X-Content-Type-Options': 'nosniff',
    'Referrer-Policy': 'no-referrer',
    'Cross-Origin-Opener-Policy': 'same-origin',
    'Cross-Origin-Resource-Policy': 'same-origin',
  };
}
