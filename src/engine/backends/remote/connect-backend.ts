import { knownModelSpec, type ModelSpec } from '../../../shared/domain/model-spec.ts';
import type { Backend, BackendInfo, NetworkOptions, TrainingNetwork } from '../backend.ts';
import type { Channel } from './messages.ts';
import { Questions } from './questions.ts';
import { RemoteNetwork } from './remote-network.ts';

/**
 * The backend that `serveBackend` serves at the other end of a channel. Its results are bit-identical to those of a local backend.
 * @param lost what happened if the channel closes unexpectedly, as a sentence: all pending and later requests reject with
 * CharloomError('backend-unavailable') and this sentence
 * @throws any error from opening the backend at the other end
 */
export async function connectBackend(channel: Channel, lost: string): Promise<Backend> {
  const questions = new Questions(channel, lost);
  try {
    const { info } = await questions.ask({ kind: 'open' }, 'described');
    return new RemoteBackend(questions, info);
  } catch (error) {
    questions.close();
    throw error;
  }
}

class RemoteBackend implements Backend {
  readonly info: BackendInfo;
  readonly #questions: Questions;
  #networks = 0;

  constructor(questions: Questions, info: BackendInfo) {
    this.#questions = questions;
    this.info = info;
  }

  async infoFor(spec: ModelSpec): Promise<BackendInfo> {
    return (await this.#questions.ask({ kind: 'describe', spec: knownModelSpec(spec) }, 'described')).info;
  }

  async createNetwork(spec: ModelSpec, options: NetworkOptions): Promise<TrainingNetwork> {
    const network = this.#networks++;
    const { memoryBytes, stepsInFlight } = await this.#questions.ask(
      { kind: 'create', network, spec: knownModelSpec(spec), options },
      'created',
    );
    return new RemoteNetwork({
      questions: this.#questions,
      network,
      spec,
      options,
      memoryBytes,
      stepsInFlight,
    });
  }

  dispose(): void {
    this.#questions.close();
  }
}
