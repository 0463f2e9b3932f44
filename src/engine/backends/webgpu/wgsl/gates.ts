import type { GateGroup } from '../shape.ts';
import { component, repeat } from './kernel.ts';

/**
 * Gates of four neighbouring units are in as many vectors as the group has gates, unit by unit. Cells compute with one vector per gate, so they are
 * transposed when they are read and stored.
 */

/** Names of the variables that hold a group's gates. */
export function gateNames({ gates }: GateGroup): readonly string[] {
  return gates.map((gate) => `${gate}Gate`);
}

/** `var iGate = ...` for each gate of a group, from vectors named `${vector}0`, `${vector}1` and so on. */
export function splitGates(group: GateGroup, vector: string): string {
  const count = group.gates.length;
  return gateNames(group)
    .map((name, gate) => {
      const parts = repeat(
        4,
        (unit) => {
          const place = unit * count + gate;
          return `${vector}${Math.floor(place / 4)}.${component(place % 4)}`;
        },
        ', ',
      );
      return `var ${name} = vec4f(${parts});`;
    })
    .join('\n');
}

/** Reads a group's gates from the buffer of gates; `place` is the address of the row's first vector. */
export function readGates(group: GateGroup, place: string): string {
  const name = `old${group.firstColumn}_`;
  return `${repeat(group.gates.length, (index) => `let ${name}${index} = gates[${gatePlace(group, place, index)}];`)}
${splitGates(group, name)}`;
}

/** Stores a group's gates, joined unit by unit. */
export function storeGates(group: GateGroup, place: string): string {
  const count = group.gates.length;
  const names = gateNames(group);
  return repeat(count, (index) => {
    const parts = repeat(
      4,
      (lane) => {
        const float = index * 4 + lane;
        return `${names[float % count] ?? ''}.${component(Math.floor(float / count))}`;
      },
      ', ',
    );
    return `gates[${gatePlace(group, place, index)}] = vec4f(${parts});`;
  });
}

function gatePlace({ gates, firstColumn }: GateGroup, place: string, index: number): string {
  return `${place} + ${firstColumn / 4}u + quad * ${gates.length}u + ${index}u`;
}
