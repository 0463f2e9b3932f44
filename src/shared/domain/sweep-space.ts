import { z } from 'zod';

/** How the runs of a sweep are taken from its space: every combination, or combinations drawn by a seed. */
export const sweepMethods = ['grid', 'random'] as const;
export type SweepMethod = (typeof sweepMethods)[number];

export const sweepValueSchema = z.union([z.string().max(1000), z.number(), z.boolean()]);
export type SweepValue = z.infer<typeof sweepValueSchema>;

/** Most values of one setting, and most tasks of one sweep. */
export const maxAxisValues = 1000;
export const maxSweepTasks = 10_000;

/** A key of the settings table; one that only another version knows is kept and shown as it is. */
const key = z.string().min(1).max(64);

/** One setting that a sweep varies. */
export const sweepAxisSchema = z.discriminatedUnion('kind', [
  z.strictObject({
    kind: z.literal('values'),
    key,
    values: z.array(sweepValueSchema).min(1).max(maxAxisValues).readonly(),
  }),
  z.strictObject({
    kind: z.literal('range'),
    key,
    minimum: z.number(),
    maximum: z.number(),
    scale: z.enum(['linear', 'log']),
    /** Number of values that a grid takes, both ends included; null where only random drawing makes sense. */
    count: z.int().min(2).max(maxAxisValues).nullable(),
  }),
]);
export type SweepAxis = Readonly<z.infer<typeof sweepAxisSchema>>;

/** What a sweep tries. */
export const sweepSpaceSchema = z.strictObject({
  method: z.enum(sweepMethods),
  axes: z.array(sweepAxisSchema).min(1).max(32).readonly(),
  /** Runs of each combination, with consecutive seeds. */
  seeds: z.int().min(1).max(100),
  /** Most tasks, seeds included. */
  runs: z.int().min(1).max(maxSweepTasks),
  /** The seed that combinations are drawn with. */
  drawSeed: z.int().min(0),
});
export type SweepSpace = Readonly<z.infer<typeof sweepSpaceSchema>>;

/**
 * Ends runs that fall behind (asynchronous successive halving in its stopping form; Li et al., "A system for massively parallel hyperparameter tuning",
 * 2020). Rungs are shares of a run's planned iterations: the first, three times it, nine times it.
 */
export const earlyStoppingSchema = z.strictObject({ firstRung: z.number().gt(0).lt(1) });
export type EarlyStopping = Readonly<z.infer<typeof earlyStoppingSchema>>;

/** Three rungs, the last at a third of a run. */
export const usualEarlyStopping: EarlyStopping = { firstRung: 1 / 27 };

/** Hours of computing that all runs of a sweep may use together. */
export const sweepHoursSchema = z.number().positive();

/** The settings of one task that differ from those of the sweep. */
export const sweepChangesSchema = z.record(key, sweepValueSchema).readonly();
export type SweepChanges = Readonly<z.infer<typeof sweepChangesSchema>>;
