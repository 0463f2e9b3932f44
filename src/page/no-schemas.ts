/**
 * Replaces the schema library when this program is built (page.vite.config.ts). A page checks no settings, so the bundler removes every call that creates a
 * schema. If one were left, the page would fail when it opens, and so would its tests.
 */
export const z = undefined;
