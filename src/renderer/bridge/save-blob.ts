/** Milliseconds that a file stays readable: Firefox and WebKit begin to read it after the click has been handled. */
const readableMs = 10_000;

/** Hands a file to the browser, or to Electron, which asks where to save it. */
export function saveBlob(content: Blob, name: string): void {
  const address = URL.createObjectURL(content);
  const link = document.createElement('a');
  link.href = address;
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(address), readableMs);
}
