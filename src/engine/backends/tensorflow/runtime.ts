/**
 * What the engine needs from TensorFlow: loading a graph and running parts of it. The host implements it with the Node.js package; the engine never
 * sees the package itself.
 */
export interface TensorflowRuntime {
  /** Loads a SavedModel (the bytes of its `saved_model.pb`). */
  load(savedModel: Uint8Array): GraphSession;
}

export interface Feed {
  /** Name of a placeholder. */
  readonly name: string;
  readonly shape: readonly number[];
  /** Read only during the run. */
  readonly data: Float32Array | Int32Array;
}

/** A loaded graph with its variables. */
export interface GraphSession {
  /** Runs what the wanted outputs depend on and returns their values (float32 only) in that order. */
  run(feeds: readonly Feed[], outputs: readonly string[]): Float32Array[];
  dispose(): void;
}
