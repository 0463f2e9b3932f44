// Renders resources/icon.svg with Chromium into the icons that Windows, macOS, Linux, the tray and browser tabs need. Run it after changing the drawing.
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { chromium } from 'playwright-core';

const resources = join(import.meta.dirname, '../resources');
const pages = join(import.meta.dirname, '../src/renderer/public');
const drawing = readFileSync(join(resources, 'icon.svg'), 'utf8');

/** Apple's names for PNG images of these sizes. */
const appleTypes = [
  ['ic11', 32],
  ['ic12', 64],
  ['ic07', 128],
  ['ic13', 256],
  ['ic08', 256],
  ['ic14', 512],
  ['ic09', 512],
  ['ic10', 1024],
] as const;
const windowsSizes = [16, 24, 32, 48, 64, 128, 256];
const tabSizes = [16, 32];

type Render = (size: number) => Promise<Buffer>;

async function withRenderer(work: (render: Render) => Promise<void>): Promise<void> {
  const executablePath = process.env['CHARLOOM_CHROMIUM'] ?? '/usr/bin/chromium';
  const browser = await chromium.launch({ executablePath, args: ['--no-sandbox', '--disable-gpu'] });
  try {
    const page = await browser.newPage();
    await work(async (size) => {
      await page.setViewportSize({ width: size, height: size });
      await page.setContent(`<style>body{margin:0}svg{display:block;width:${size}px}</style>${drawing}`);
      return page.screenshot({ omitBackground: true });
    });
  } finally {
    await browser.close();
  }
}

/** A directory of images, then the images. */
async function windowsIcon(render: Render, sizes: readonly number[]): Promise<Buffer> {
  const pictures: Buffer[] = [];
  for (const size of sizes) pictures.push(await render(size));
  const head = Buffer.alloc(6 + 16 * pictures.length);
  head.writeUInt16LE(1, 2);
  head.writeUInt16LE(pictures.length, 4);
  let offset = head.length;
  for (const [index, picture] of pictures.entries()) {
    const entry = 6 + 16 * index;
    const size = sizes[index] ?? 0;
    // 0 means 256.
    head.writeUInt8(size % 256, entry);
    head.writeUInt8(size % 256, entry + 1);
    head.writeUInt16LE(1, entry + 4);
    head.writeUInt16LE(32, entry + 6);
    head.writeUInt32LE(picture.length, entry + 8);
    head.writeUInt32LE(offset, entry + 12);
    offset += picture.length;
  }
  return Buffer.concat([head, ...pictures]);
}

async function appleIcon(render: Render): Promise<Buffer> {
  const blocks: Buffer[] = [];
  for (const [type, size] of appleTypes) {
    const picture = await render(size);
    const head = Buffer.alloc(8);
    head.write(type, 0, 'latin1');
    head.writeUInt32BE(picture.length + 8, 4);
    blocks.push(head, picture);
  }
  const head = Buffer.alloc(8);
  head.write('icns', 0, 'latin1');
  head.writeUInt32BE(8 + blocks.reduce((sum, { length }) => sum + length, 0), 4);
  return Buffer.concat([head, ...blocks]);
}

await withRenderer(async (render) => {
  const write = (name: string, content: Buffer): void => writeFileSync(join(resources, name), content);
  write('icon.png', await render(512));
  write('tray.png', await render(16));
  write('tray@2x.png', await render(32));
  write('icon.ico', await windowsIcon(render, windowsSizes));
  writeFileSync(join(pages, 'favicon.ico'), await windowsIcon(render, tabSizes));
  write('icon.icns', await appleIcon(render));
});
