/** Lines of `metrics.jsonl` with so many steps, and an evaluation after every 500. */
export function manySteps(count: number): string {
  const lines: string[] = [];
  for (let i = 1; i <= count; i++) {
    const epoch = i / 500;
    const loss = 1.4 + 2.7 * Math.exp(-i / 4000) + ((i * 7919) % 101) / 500;
    lines.push(
      JSON.stringify({
        event: 'step',
        i,
        epoch,
        loss,
        rate: 0.002,
        gradient_norm: 5,
        parameter_norm: 9,
        ms: 5,
      }),
    );
    if (i % 500 === 0) lines.push(JSON.stringify({ event: 'eval', i, epoch, val_loss: loss + 0.1 }));
  }
  return `${lines.join('\n')}\n`;
}
