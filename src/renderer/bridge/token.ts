const key = 'charloom.token';

/**
 * The browser host's token. It comes in the fragment of the printed address, which no request contains, and is immediately removed from the address
 * (and so from the history); the tab keeps it for reloads. Null if the page was opened without one: then another tab may have it (tab-tokens.ts).
 */
export function takeToken(): string | null {
  // Pasting the printed address over an open page changes only the fragment: reload with the new token.
  window.addEventListener('hashchange', () => {
    if (tokenFromAddress() !== null) location.reload();
  });
  const fromAddress = tokenFromAddress();
  if (fromAddress === null) return storedToken();
  history.replaceState(null, '', `${location.pathname}${location.search}`);
  keepToken(fromAddress);
  return fromAddress;
}

/** Keeps the token for reloads of this tab. */
export function keepToken(token: string): void {
  try {
    sessionStorage.setItem(key, token);
  } catch {
    // Storage is switched off: a reload then needs the printed address again.
  }
}

function tokenFromAddress(): string | null {
  return new URLSearchParams(location.hash.slice(1)).get('token');
}

function storedToken(): string | null {
  try {
    return sessionStorage.getItem(key);
  } catch {
    return null;
  }
}
