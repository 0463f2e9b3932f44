import { z } from 'zod';
import { serveBackend } from '../engine/backends/remote/serve-backend.ts';
import type { GraphicsMessage } from '../shared/graphics-channel.ts';
import { graphicsTaskSchema, type GraphicsAnswer, type GraphicsTask } from '../shared/graphics-page.ts';
import { assertNever } from '../shared/errors.ts';
import { describeCard, openCard } from './card.ts';
import { portChannel } from './port-channel.ts';

/** Does the one task that comes with a port, and ignores other messages. */
function hear({ source, origin, data, ports }: MessageEvent<GraphicsMessage | null>): void {
  const [port] = ports;
  if (source !== window || origin !== location.origin || port === undefined) return;
  const task = graphicsTaskSchema.safeParse(data?.charloomGraphics);
  if (!task.success) return port.close();
  window.removeEventListener('message', hear);
  void work(task.data, port);
}

async function work(task: GraphicsTask, port: MessagePort): Promise<void> {
  switch (task.task) {
    case 'describe':
      return port.postMessage((await describeCard()) satisfies GraphicsAnswer);
    case 'compute':
      return serveBackend(portChannel(port), () => openCard(task));
    default:
      return assertNever(task);
  }
}

// The policy of this page forbids code that is generated at run time.
z.config({ jitless: true });
window.addEventListener('message', hear);
