const key = 'charloom.token';

/**
 * The browser host's token. It comes in the fragment of the printed address, which no request carries, and is taken out of the address
 * (and so out of the history) at once; this tab then keeps it for reloads. Null when the page was opened without one.
 */
export function takeToken(): string | null {
  // The printed address pasted over an open page changes only the fragment: begin anew with the token in it.
  window.addEventListener('hashchange', () => {
    if (tokenFromAddress() !== null) location.reload();
  });
  const fromAddress = tokenFromAddress();
  if (fromAddress === null) return storedToken();
  history.replaceState(null, '', `${location.pathname}${location.search}`);
  try {
    sessionStorage.setItem(key, fromAddress);
  } catch {
    // Storage is switched off: a reload then needs the printed address again.
  }
  return fromAddress;
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
