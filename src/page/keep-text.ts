/** Copies a text; where the browser does not allow it, selects it in the page, so that it can be copied by hand. */
export async function copyText(text: string, shownIn: HTMLElement): Promise<'copied' | 'selected'> {
  try {
    await navigator.clipboard.writeText(text);
    return 'copied';
  } catch {
    getSelection()?.selectAllChildren(shownIn);
    return 'selected';
  }
}

/** Hands a text to the browser as a file to save. */
export function saveText(text: string, title: string): void {
  const address = URL.createObjectURL(new Blob([text], { type: 'text/plain;charset=utf-8' }));
  const link = document.createElement('a');
  link.href = address;
  link.download = fileName(title);
  link.click();
  // The download has started by the next task.
  setTimeout(() => URL.revokeObjectURL(address), 1000);
}

/** A file name that every system allows. */
function fileName(title: string): string {
  const words = title
    .replace(/[^\p{L}\p{N}._ -]+/gu, ' ')
    .trim()
    .replace(/^\.+/, '');
  return `${Array.from(words).slice(0, 60).join('').trim() || 'text'}.txt`;
}
