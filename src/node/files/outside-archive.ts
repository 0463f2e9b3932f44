/**
 * The path of one of our files for other programs. The packaged application is an archive that only Electron can read; files for other programs are
 * beside it (asarUnpack in electron-builder.yml).
 */
export function outsideArchive(path: string): string {
  return path.replace(/([\\/]app\.asar)(?=[\\/])/, '$1.unpacked');
}
