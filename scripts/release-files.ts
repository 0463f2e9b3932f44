// node scripts/release-files.ts bill|checksums FOLDER: the files of a release besides its installers. The bill of materials (CycloneDX) lists
// the contents, SHA256SUMS the checksums: `sha256sum --check SHA256SUMS` verifies them.
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { z } from 'zod';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
/** Development packages that are shipped anyway: Electron, and those in the pages' bundle. */
const shipped = ['electron', 'svelte', 'chartjs-plugin-zoom'];
/** The dependencies of Electron's npm package only download the program, and are not shipped. */
const withoutNeeds = 'electron';
const released = /\.(AppImage|deb|exe|dmg|zip|blockmap|cdx\.json)$/;

const componentSchema = z.looseObject({
  'bom-ref': z.string(),
  name: z.string(),
  properties: z.array(z.object({ name: z.string(), value: z.string() })).default([]),
});
const edgeSchema = z.looseObject({ ref: z.string(), dependsOn: z.array(z.string()).default([]) });
const billSchema = z.looseObject({
  metadata: z.looseObject({ component: z.looseObject({ 'bom-ref': z.string(), version: z.string() }) }),
  components: z.array(componentSchema),
  dependencies: z.array(edgeSchema),
});
type Bill = z.infer<typeof billSchema>;

/** Every package of the project, as npm lists them. */
function listPackages(): Bill {
  const words = ['sbom', '--sbom-format', 'cyclonedx', '--package-lock-only'];
  const { status, stdout, stderr } = spawnSync('npm', words, {
    cwd: root,
    encoding: 'utf8',
    maxBuffer: 2 ** 26,
    shell: process.platform === 'win32',
  });
  if (status !== 0) throw new Error(`npm sbom: ${stderr}`);
  return billSchema.parse(JSON.parse(stdout));
}

/** Those that are shipped. */
function keepShipped(bill: Bill): Bill {
  const isTool = ({ properties }: Bill['components'][number]): boolean =>
    properties.some(({ name, value }) => name === 'cdx:npm:package:development' && value === 'true');
  const kept = new Set(bill.components.filter((one) => !isTool(one)).map((one) => one['bom-ref']));
  const needs = new Map(bill.dependencies.map(({ ref, dependsOn }) => [ref, dependsOn]));
  const keep = (component: string, name: string): void => {
    if (kept.has(component)) return;
    kept.add(component);
    if (name === withoutNeeds) return;
    for (const need of needs.get(component) ?? []) keep(need, '');
  };
  for (const one of bill.components) if (shipped.includes(one.name)) keep(one['bom-ref'], one.name);
  const isKept = (ref: string): boolean => kept.has(ref) || ref === bill.metadata.component['bom-ref'];
  return {
    ...bill,
    components: bill.components.filter((one) => isKept(one['bom-ref'])),
    dependencies: bill.dependencies
      .filter(({ ref }) => isKept(ref))
      .map(({ dependsOn, ...edge }) => ({ ...edge, dependsOn: dependsOn.filter(isKept) })),
  };
}

/** Writes the bill of materials into a folder. */
function writeBill(folder: string): void {
  const bill = keepShipped(listPackages());
  const name = `charloom-${bill.metadata.component.version}.cdx.json`;
  writeFileSync(join(folder, name), `${JSON.stringify(bill, null, 2)}\n`);
  console.log(`${name}: ${bill.components.length} packages`);
}

/** Writes the checksums of the released files in a folder; fails if there is no installer. */
function writeChecksums(folder: string): void {
  const names = readdirSync(folder).filter((name) => released.test(name));
  if (names.every((name) => name.endsWith('.cdx.json'))) throw new Error(`No installer is in ${folder}.`);
  const sum = (name: string): string =>
    createHash('sha256')
      .update(readFileSync(join(folder, name)))
      .digest('hex');
  const lines = names.toSorted().map((name) => `${sum(name)}  ${name}\n`);
  writeFileSync(join(folder, 'SHA256SUMS'), lines.join(''));
  console.log(lines.join('').trimEnd());
}

const [what, folder] = process.argv.slice(2);
if (folder !== undefined && what === 'bill') writeBill(folder);
else if (folder !== undefined && what === 'checksums') writeChecksums(folder);
else throw new Error('usage: release-files.ts bill|checksums FOLDER');
