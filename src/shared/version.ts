/** Charloom's version, equal to the one in package.json (a test checks it): pages and bundles cannot read that file. */
export const charloomVersion = '0.1.0';
