/**
 * The parts of `@tensorflow/tfjs-node-gpu` that Charloom touches, under its own types: the package's declarations pull in hundreds of
 * files of a browser library, and its binding has none.
 */
export interface TensorflowModule {
  readonly version: Readonly<Record<string, string>>;
  backend(): NodeBackend;
}

/** The package's Node.js backend. */
export interface NodeBackend {
  /** True when TensorFlow found a graphics card it can use; false says nothing about the reason, see the doctor. */
  readonly isUsingGpuDevice: boolean;
  readonly binding: NodeBinding;
}

/** The native addon: tensors are numbers, and the creator of a tensor deletes it. */
export interface NodeBinding {
  readonly TF_FLOAT: number;
  readonly TF_INT32: number;
  readonly TF_Version: string;
  /** The array is shared with TensorFlow until the tensor is deleted. */
  createTensor(shape: readonly number[], type: number, data: Float32Array | Int32Array): number;
  deleteTensor(id: number): void;
  /** A copy of a tensor's elements; waits for the device. */
  tensorDataSync(id: number): Float32Array;
  getNumOfTensors(): number;
  loadSavedModel(folder: string, tags: string): number;
  deleteSavedModel(id: number): void;
  runSavedModel(
    id: number,
    inputs: readonly number[],
    inputNames: string,
    outputNames: string,
  ): readonly { readonly id: number }[];
}
