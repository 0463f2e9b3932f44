/** Charloom's version, the one in package.json (a test holds them together): pages and bundles cannot read that file. */
export const charloomVersion = '0.1.0';
