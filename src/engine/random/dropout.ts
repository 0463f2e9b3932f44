import { mix32 } from './hash.ts';

/**
 * Which units dropout keeps. A site is one place where char-rnn drops: site l (1..L-1) is the input of layer l, site L the top hidden state
 * before the decoder. Within a site the element counter is ((t * B) + b) * H + unit. Weight drop has a site for each layer's recurrent matrix,
 * numbered after those; there the counter is row * H + column in the canonical [G * H, H], and a mask holds for one iteration. Every backend
 * must reproduce this exactly, so that a run continues identically on another backend.
 */

/** Key of one site in one iteration; `seed` is a uint32, `iteration` counts from 1. */
export function dropoutKey(seed: number, iteration: number, site: number): number {
  return mix32(mix32(seed ^ mix32(iteration)) ^ Math.imul(site, 0x9e3779b9));
}

/** Weight drop's site for the recurrent matrix of a layer, counted from 0. */
export function weightDropSite(numLayers: number, layer: number): number {
  return numLayers + 1 + layer;
}

/** True when the element is kept; probability 1 - dropout, compared as uint32 against floor(dropout * 2^32). */
export function dropoutKeeps(key: number, element: number, dropout: number): boolean {
  return mix32((key + Math.imul(element, 0x9e3779b9)) | 0) >= Math.floor(dropout * 4294967296);
}
