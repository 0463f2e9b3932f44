/**
 * The path under which another program finds a file of ours. The packaged application is an archive that Electron alone can look into;
 * what others open lies beside it (asarUnpack in electron-builder.yml).
 */
export function outsideArchive(path: string): string {
  return path.replace(/([\\/]app\.asar)(?=[\\/])/, '$1.unpacked');
}
