import { z } from 'zod';

const channelName = 'charloom.token';
/** Milliseconds that other tabs have to answer. */
const answerWithinMs = 1000;

const messageSchema = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('wanted') }),
  z.strictObject({ kind: z.literal('given'), token: z.string().regex(/^[\w-]{1,128}$/) }),
]);
type Message = z.infer<typeof messageSchema>;

/**
 * Shares the token among the tabs of one browser. A tab that was opened by a link or a typed address has none, and one that was open during a restart has an
 * old one: it asks the other tabs. Only pages of the same origin hear it, nothing is stored, and a tab gives the token only while the host that knows
 * it is connected.
 */
export class TabTokens {
  readonly #channel = new BroadcastChannel(channelName);
  #lent: string | null = null;
  #hear: (token: string) => void = () => undefined;

  constructor() {
    this.#channel.onmessage = ({ data }) => {
      const message = messageSchema.safeParse(data).data;
      if (message?.kind === 'given') this.#hear(message.token);
      else if (message?.kind === 'wanted' && this.#lent !== null)
        this.#say({ kind: 'given', token: this.#lent });
    };
  }

  /** Sets the token to share, which the host has just accepted; null while it is not connected. */
  lend(token: string | null): void {
    this.#lent = token;
  }

  /** Another tab's token; null if no tab has one, or only the one that was refused. */
  ask(refused: string | null): Promise<string | null> {
    return new Promise((resolve) => {
      const finish = (token: string | null): void => {
        clearTimeout(timer);
        this.#hear = () => undefined;
        resolve(token);
      };
      const timer = setTimeout(() => finish(null), answerWithinMs);
      this.#hear = (token) => {
        if (token !== refused) finish(token);
      };
      this.#say({ kind: 'wanted' });
    });
  }

  #say(message: Message): void {
    this.#channel.postMessage(message);
  }
}
