/**
 * What a page may load and do: only what ships with Charloom. One function for every host, so that they cannot drift apart. While
 * developing, Vite's client needs its own socket and puts styles into the page as it goes.
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

/** The headers of everything that a host serves. */
export function pageHeaders(mode: 'product' | 'development' = 'product'): Readonly<Record<string, string>> {
  return {
    'Content-Security-Policy': contentSecurityPolicy(mode),
    'X-Content-Type-Options': 'nosniff',
    'Referrer-Policy': 'no-referrer',
    'Cross-Origin-Opener-Policy': 'same-origin',
    'Cross-Origin-Resource-Policy': 'same-origin',
  };
}
