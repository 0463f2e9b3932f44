/**
 * The learning-rate schedule of a run. epochs: char-rnn's, multiplied by the decay at the end of each epoch after decay begins. constant: the same
 * throughout. cosine, linear: falling to zero at the planned end.
 */
export const schedules = ['epochs', 'constant', 'cosine', 'linear'] as const;
export type Schedule = (typeof schedules)[number];

/** What the gradient's limit applies to: each of its elements, or the length (L2 norm) of the whole. */
export const clipKinds = ['element', 'norm'] as const;
export type ClipKind = (typeof clipKinds)[number];

/**
 * Two sets of weights that a run may have. trained: those that the optimiser changes. averaged: their running average, which is never trained
 * itself.
 */
export const weightKinds = ['trained', 'averaged'] as const;
export type WeightKind = (typeof weightKinds)[number];
