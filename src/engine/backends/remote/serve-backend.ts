import { assertNever } from '../../../shared/errors.ts';
import { failureOf } from '../../../shared/ipc/failures.ts';
import { allTensors, keptWith, storedTensors } from '../../model/stored-tensors.ts';
import type { Backend, Batch, TensorMap, TrainingNetwork } from '../backend.ts';
import { questionSchema, type Answer, type Channel, type Question } from './messages.ts';
import { portionsOf, TensorAssembly } from './tensor-portions.ts';

/**
 * Serves a local backend to `connectBackend` at the other end of a channel; the backend is opened on request. Resolves once either end has
 * closed the channel and the backend and its networks are disposed. Never rejects.
 */
export async function serveBackend(channel: Channel, openBackend: () => Promise<Backend>): Promise<void> {
  const closed = Promise.withResolvers<undefined>();
  const server = new BackendServer(openBackend, (answer) => channel.post(answer));
  channel.onClose(() => closed.resolve(undefined));
  channel.onValue((value) => {
    const question = questionSchema.safeParse(value);
    if (question.success && server.hear(question.data)) return;
    // A client that sends a malformed message is not trusted again.
    channel.close();
    closed.resolve(undefined);
  });
  await closed.promise;
  await server.end();
}

/** A requested network, with the tensors that are being transferred into it. */
interface Served {
  readonly network: TrainingNetwork;
  readonly arriving: TensorAssembly;
}

type Numbered = Extract<Question, { readonly id: number }>;
type OfNetwork = Extract<Numbered, { readonly network: number }>;

class BackendServer {
  readonly #open: () => Promise<Backend>;
  readonly #post: (answer: Answer) => void;
  readonly #networks = new Map<number, Served>();
  /** Questions being answered: networks are disposed only after these settle. */
  readonly #underWay = new Set<Promise<void>>();
  #backend: Promise<Backend> | undefined;
  #hasEnded = false;

  constructor(open: () => Promise<Backend>, post: (answer: Answer) => void) {
    this.#open = open;
    this.#post = (answer) => {
      if (!this.#hasEnded) post(answer);
    };
  }

  /** Starts the requested work before it returns, so that steps are computed in the order of their arrival. False if the message makes no sense. */
  hear(question: Question): boolean {
    if ('id' in question) {
      this.#answer(question);
      return true;
    }
    const served = this.#networks.get(question.network);
    if (served === undefined) return false;
    if (question.kind === 'discard') {
      this.#networks.delete(question.network);
      served.network.dispose();
      return true;
    }
    try {
      served.arriving.add(question);
      return true;
    } catch {
      return false;
    }
  }

  async end(): Promise<void> {
    this.#hasEnded = true;
    await Promise.allSettled(this.#underWay);
    for (const { network } of this.#networks.values()) network.dispose();
    this.#networks.clear();
    (await this.#backend?.catch(() => undefined))?.dispose();
  }

  #answer(question: Numbered): void {
    const { id } = question;
    const work = this.#work(question)
      .catch((error: unknown): Answer => ({ kind: 'failed', id, failure: failureOf(error) }))
      .then((answer) => {
        this.#post(answer);
        this.#underWay.delete(work);
      });
    this.#underWay.add(work);
  }

  async #work(question: Numbered): Promise<Answer> {
    const { id } = question;
    switch (question.kind) {
      case 'open':
        return { kind: 'described', id, info: { ...(await this.#opened()).info } };
      case 'describe':
        return { kind: 'described', id, info: { ...(await (await this.#opened()).infoFor(question.spec)) } };
      case 'create':
        return this.#create(question);
      default:
        return this.#workOn(question);
    }
  }

  async #create({ id, network: number, spec, options }: Extract<Numbered, { kind: 'create' }>) {
    const network = await (await this.#opened()).createNetwork(spec, options);
    const arriving = new TensorAssembly(allTensors(storedTensors(spec, keptWith(options))));
    this.#networks.set(number, { network, arriving });
    const { memoryBytes, stepsInFlight } = network;
    return { kind: 'created', id, memoryBytes, stepsInFlight } as const;
  }

  async #workOn(question: Exclude<OfNetwork, { kind: 'create' }>): Promise<Answer> {
    const { id } = question;
    const { network, arriving } = this.#served(question.network);
    switch (question.kind) {
      case 'step': {
        const { x, y, starts, iteration, learningRate, averageWeight } = question;
        requireWhole(network, x, y);
        const options = { iteration, learningRate, averageWeight };
        const { loss, gradientNorm, parameterNorm } = await network.trainStep(batchOf(x, y, starts), options);
        return { kind: 'stepped', id, loss, gradientNorm, parameterNorm };
      }
      case 'evaluate': {
        const { x, y, starts } = question;
        requireWhole(network, x, y);
        return { kind: 'evaluated', id, loss: await network.evaluate(batchOf(x, y, starts)) };
      }
      case 'reset-evaluation':
        await network.resetEvaluation(question.weights ?? undefined);
        return { kind: 'done', id };
      case 'export':
        this.#send(
          id,
          question.what === 'tensors' ? await network.exportTensors() : await network.exportGradients(),
        );
        return { kind: 'done', id };
      case 'import':
        await network.importTensors(arriving.take());
        return { kind: 'done', id };
      default:
        return assertNever(question);
    }
  }

  #send(id: number, tensors: TensorMap): void {
    for (const portion of portionsOf(tensors)) this.#post({ kind: 'portion', id, ...portion });
  }

  #opened(): Promise<Backend> {
    return (this.#backend ??= this.#open());
  }

  #served(number: number): Served {
    const served = this.#networks.get(number);
    if (served === undefined) throw new Error(`there is no network ${number}`);
    return served;
  }
}

/** Throws unless each part has one symbol for each position of a batch: a backend reads that many, whatever the buffer's size. */
function requireWhole({ options }: TrainingNetwork, ...parts: readonly Int32Array[]): void {
  const symbols = options.batchSize * options.sequenceLength;
  if (parts.some(({ length }) => length !== symbols)) throw new Error(`a batch has ${symbols} symbols`);
}

function batchOf(x: Int32Array, y: Int32Array, starts: Uint8Array | null): Batch {
  return starts === null ? { x, y } : { x, y, starts };
}
