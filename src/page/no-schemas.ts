/**
 * Stands in for the library of schemas while this program is built (page.vite.config.ts): a page checks no settings, and the bundler takes away whatever
 * makes a schema. If a schema were needed after all, the page would fail as it opens, and its tests with it.
 */
export const z = undefined;
