import { modelId } from '../engine/exchange/page/ids.ts';
import { dataIn, findElements } from './elements.ts';
import { readModel } from './model.ts';
import './page.css';
import { Writing } from './writing.ts';

const elements = findElements();

function start(): void {
  try {
    new Writing(elements, readModel(dataIn(modelId))).listen();
  } catch (error) {
    elements.status.textContent = '';
    elements.problem.hidden = false;
    elements.problem.textContent = `This page cannot write: ${error instanceof Error ? error.message : 'its model cannot be read'}. The file may be damaged; ask for it again.`;
  }
}

// The page is drawn first: reading a large model takes a second.
requestAnimationFrame(() => setTimeout(start));
