import type { ConnectionMonitor } from './connection-state.ts';
import { RefusedError, type HttpCalls } from './http.ts';
import type { ReconnectingConnection } from './reconnecting-connection.ts';
import type { TabTokens } from './tab-tokens.ts';

/** The calls to the host, and the other tabs, to which the token is given while it is connected. */
interface Way {
  readonly calls: HttpCalls;
  readonly tabs: TabTokens;
}

const firstPause = 250;
const maxPauseMs = 5000;

/**
 * Keeps a WebSocket to the browser host open: after a loss it retries, with growing pauses, and immediately when the machine wakes or the page
 * becomes visible.
 */
export class ReconnectingSocket {
  readonly #calls: HttpCalls;
  readonly #tabs: TabTokens;
  readonly #connection: ReconnectingConnection;
  readonly #monitor: ConnectionMonitor;
  #pause = firstPause;
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor({ calls, tabs }: Way, connection: ReconnectingConnection, monitor: ConnectionMonitor) {
    this.#calls = calls;
    this.#tabs = tabs;
    this.#connection = connection;
    this.#monitor = monitor;
    const hurry = (): void => {
      // After a refusal, another tab may have the new token by now.
      const isWaiting = this.#timer !== undefined || this.#monitor.state === 'refused';
      if (isWaiting && document.visibilityState === 'visible') this.#tryNow();
    };
    document.addEventListener('visibilitychange', hurry);
    window.addEventListener('online', hurry);
    void this.#try();
  }

  #tryNow(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    void this.#try();
  }

  /**
   * A browser does not report why a socket was refused, so a request checks first: trying again does not help if the token is missing here and in all
   * other tabs.
   */
  async #try(): Promise<void> {
    try {
      await this.#calls.request('app.info', null);
    } catch (error) {
      if (error instanceof RefusedError) this.#monitor.set('refused');
      else this.#later();
      return;
    }
    this.#open();
  }

  #open(): void {
    const address = `${location.protocol === 'https:' ? 'wss' : 'ws'}://${location.host}/streams`;
    const socket = new WebSocket(address, ['charloom', `token.${this.#calls.token ?? ''}`]);
    socket.onopen = () => {
      this.#pause = firstPause;
      this.#tabs.lend(this.#calls.token);
      this.#connection.opened({
        send: (value) => socket.send(JSON.stringify(value)),
        close: () => socket.close(),
      });
      this.#monitor.set('connected');
    };
    socket.onmessage = ({ data }) => this.#connection.received(JSON.parse(String(data)));
    socket.onclose = () => {
      this.#tabs.lend(null);
      this.#connection.lost();
      this.#later();
    };
  }

  #later(): void {
    this.#monitor.set('lost');
    this.#timer = setTimeout(() => this.#tryNow(), this.#pause);
    this.#pause = Math.min(this.#pause * 2, maxPauseMs);
  }
}
