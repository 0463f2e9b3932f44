import { resultFloats } from '../buffer-names.ts';
import { bufferUsage, mapModeRead } from './flags.ts';

/** Small buffers for reading results back, reused: as many as there are steps under way. */
export class ResultRing {
  readonly #device: GPUDevice;
  readonly #all: GPUBuffer[] = [];
  readonly #free: GPUBuffer[] = [];

  constructor(device: GPUDevice) {
    this.#device = device;
  }

  /** A free buffer. */
  take(): GPUBuffer {
    const free = this.#free.pop();
    if (free !== undefined) return free;
    const made = this.#device.createBuffer({
      label: 'staging',
      size: resultFloats * 4,
      usage: bufferUsage.mapRead | bufferUsage.copyTarget,
    });
    this.#all.push(made);
    return made;
  }

  /** The numbers that the card has written to it; the buffer is free again. */
  async read(buffer: GPUBuffer): Promise<readonly [number, number, number]> {
    await buffer.mapAsync(mapModeRead);
    const [loss = NaN, gradientNorm = NaN, parameterNorm = NaN] = new Float32Array(buffer.getMappedRange());
    buffer.unmap();
    this.#free.push(buffer);
    return [loss, gradientNorm, parameterNorm];
  }

  dispose(): void {
    for (const buffer of this.#all) buffer.destroy();
  }
}
