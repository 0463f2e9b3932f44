import { startApplication } from './app.ts';

// No top-level await here or below: `ready` comes only after an ES module entry has evaluated.
startApplication(import.meta.dirname);
