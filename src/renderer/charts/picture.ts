import type { Curve } from './curve.ts';
import { readTheme, type ChartTheme } from './theme.ts';

/** A chart as a self-contained PNG: with a background, its title and a legend. */
export async function pictureOf(
  chart: HTMLCanvasElement,
  title: string,
  curves: readonly Curve[],
): Promise<Blob> {
  const theme = readTheme();
  const scale = chart.width / Math.max(1, chart.clientWidth);
  const size = theme.fontSize * scale;
  const head = size * (2.8 + 1.6 * curves.length);
  const picture = document.createElement('canvas');
  picture.width = chart.width + 2 * size;
  picture.height = chart.height + head + size;
  const context = picture.getContext('2d');
  if (context === null) throw new Error('This browser does not provide a canvas to draw on.');
  context.fillStyle = theme.surface;
  context.fillRect(0, 0, picture.width, picture.height);
  context.fillStyle = theme.ink;
  context.font = `600 ${size * 1.2}px ${theme.fontFamily}`;
  context.fillText(title, size, size * 1.8);
  curves.forEach((curve, index) => {
    drawKey(context, curve, size, size * (3.4 + 1.6 * index), size, theme);
  });
  context.drawImage(chart, size, head);
  return toBlob(picture);
}

function drawKey(
  context: CanvasRenderingContext2D,
  curve: Curve,
  x: number,
  y: number,
  size: number,
  theme: ChartTheme,
): void {
  context.strokeStyle = theme.colour(curve.look.colour, curve.look.opacity);
  context.lineWidth = (curve.look.width * size) / 12;
  context.setLineDash(curve.look.dash.map((length) => (length * size) / 12));
  context.beginPath();
  context.moveTo(x, y - size / 3);
  context.lineTo(x + 3 * size, y - size / 3);
  context.stroke();
  context.setLineDash([]);
  context.fillStyle = theme.ink;
  context.font = `${size}px ${theme.fontFamily}`;
  context.fillText(curve.label, x + 3.6 * size, y);
}

function toBlob(canvas: HTMLCanvasElement): Promise<Blob> {
  return new Promise((resolve, reject) => {
    canvas.toBlob((blob) => {
      if (blob === null) reject(new Error('The picture is too large to save.'));
      else resolve(blob);
    }, 'image/png');
  });
}
