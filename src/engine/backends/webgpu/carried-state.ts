import { stateBuffers } from './buffer-names.ts';
import type { NetworkBuffers } from './device/network-buffers.ts';
import { bufferUsage } from './device/flags.ts';
import { padRows, unpadRows } from './packing.ts';
import { carriedFloats, type NetworkShape } from './shape.ts';

/**
 * The states that are carried from step to step. They are in the first time step of the buffers of states, which evaluation uses as well: during an
 * evaluation pass the training states are saved elsewhere.
 */
export class CarriedState {
  readonly #device: GPUDevice;
  readonly #buffers: NetworkBuffers;
  readonly #shape: NetworkShape;
  /** One for each of the cell's states, [L][B][H]. */
  readonly #aside: readonly GPUBuffer[];
  readonly bytes: number;
  #isAside = false;

  constructor(device: GPUDevice, buffers: NetworkBuffers, shape: NetworkShape) {
    this.#device = device;
    this.#buffers = buffers;
    this.#shape = shape;
    const size = carriedFloats(shape) * 4;
    const usage = bufferUsage.copySource | bufferUsage.copyTarget;
    this.#aside = shape.cell.states.map(({ name }) =>
      device.createBuffer({ label: `aside-${name}`, size, usage }),
    );
    this.bytes = size * this.#aside.length;
  }

  /** Starts an evaluation pass, from zero states. */
  beginEvaluation(): void {
    const encoder = this.#device.createCommandEncoder();
    this.#forEachPart(({ buffer, aside, place, asidePlace, bytes }) => {
      if (!this.#isAside) encoder.copyBufferToBuffer(buffer, place, aside, asidePlace, bytes);
      encoder.clearBuffer(buffer, place, bytes);
    });
    this.#device.queue.submit([encoder.finish()]);
    this.#isAside = true;
  }

  /** Restores the training states after an evaluation pass. */
  endEvaluation(): void {
    if (!this.#isAside) return;
    const encoder = this.#device.createCommandEncoder();
    this.#forEachPart(({ buffer, aside, place, asidePlace, bytes }) =>
      encoder.copyBufferToBuffer(aside, asidePlace, buffer, place, bytes),
    );
    this.#device.queue.submit([encoder.finish()]);
    this.#isAside = false;
  }

  /** The training states, [B, H] without padding, layer by layer and h first. */
  async read(): Promise<readonly Float32Array[]> {
    const { spec, batchSize, units } = this.#shape;
    const reads: Promise<Float32Array>[] = [];
    this.#forEachPart(({ buffer, aside, place, asidePlace, bytes }) => {
      const [source, first] = this.#isAside ? [aside, asidePlace] : [buffer, place];
      reads.push(this.#buffers.read(source, bytes / 4, first / 4));
    });
    return (await Promise.all(reads)).map((source) =>
      unpadRows([batchSize, spec.rnnSize], { source, offset: 0, paddedWidth: units }),
    );
  }

  /** Replaces the training states, given as `read` gives them; those not given become zero. */
  write(states: readonly (Float32Array | undefined)[]): void {
    const { spec, batchSize, units } = this.#shape;
    let index = 0;
    this.#forEachPart(({ buffer, aside, place, asidePlace }) => {
      const target = new Float32Array(batchSize * units);
      const data = states[index++];
      if (data !== undefined) {
        padRows(data, [batchSize, spec.rnnSize], { target, offset: 0, paddedWidth: units });
      }
      const [to, first] = this.#isAside ? [aside, asidePlace] : [buffer, place];
      this.#device.queue.writeBuffer(to, first, target);
    });
  }

  dispose(): void {
    for (const buffer of this.#aside) buffer.destroy();
  }

  /** Every layer's states, layer by layer in the cell's order; offsets and lengths in bytes. */
  #forEachPart(use: (part: StatePart) => void): void {
    const { spec, cell, batchSize, units, sequenceLength } = this.#shape;
    const bytes = batchSize * units * 4;
    const names = stateBuffers(cell);
    for (let layer = 0; layer < spec.numLayers; layer++) {
      names.forEach((name, state) => {
        const aside = this.#aside[state];
        if (aside === undefined) throw new Error(`nothing is kept aside of ${name}`);
        use({
          buffer: this.#buffers.get(name),
          aside,
          place: layer * (sequenceLength + 1) * bytes,
          asidePlace: layer * bytes,
          bytes,
        });
      });
    }
  }
}

interface StatePart {
  readonly buffer: GPUBuffer;
  readonly aside: GPUBuffer;
  readonly place: number;
  readonly asidePlace: number;
  readonly bytes: number;
}
