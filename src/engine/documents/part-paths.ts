/** The folder of a part within a package; empty at its root. */
export function partPath(name: string): string {
  return name.slice(0, Math.max(0, name.lastIndexOf('/')));
}

/** A path within a package, resolved against a folder; null if it leads out of the package. */
export function resolvePart(folder: string, target: string): string | null {
  const parts: string[] = [];
  const from = target.startsWith('/') || folder === '' ? target : `${folder}/${target}`;
  for (const part of from.split('/')) {
    if (part === '' || part === '.') continue;
    if (part !== '..') parts.push(part);
    else if (parts.pop() === undefined) return null;
  }
  return parts.join('/');
}
