import { z } from 'zod';

/**
 * Schemas are not compiled: the pages' policy forbids it, and Firefox reports the attempt on the console. Imported before every module that creates a schema,
 * because a schema tries it when it is created.
 */
z.config({ jitless: true });
