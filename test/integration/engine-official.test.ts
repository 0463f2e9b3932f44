import { execFileSync, spawn } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { createServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { createGzip } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { charloom } from '../support/processes.ts';
import { engine, skipNote } from '../support/tensorflow.ts';
import { temporaryFolder } from '../support/texts.ts';

const folder = temporaryFolder('official');
const onLinux = process.platform === 'linux' && engine !== undefined;

/**
 * The npm package's own installer, for real, from a mirror on loopback: its script downloads and unpacks, node-pre-gyp fetches the addon, and
 * Charloom tests what came. What the mirror holds are the files of the installed engine, packed as the official ones are.
 */
describe.skipIf(!onLinux)(`the official way to an engine${skipNote}`, () => {
  const asked: string[] = [];
  const key = join(folder, 'key.pem');
  const certificate = join(folder, 'certificate.pem');
  let mirror = '';
  let stop: () => void = () => undefined;

  beforeAll(async () => {
    const request = ['req', '-x509', '-newkey', 'rsa:2048', '-nodes', '-days', '2', '-subj', '/CN=localhost'];
    const names = ['-addext', 'subjectAltName=DNS:localhost', '-keyout', key, '-out', certificate];
    execFileSync('openssl', [...request, ...names], { stdio: 'ignore' });
    const options = { key: readFileSync(key), cert: readFileSync(certificate) };
    const server = createServer(options, (question, response) => {
      const path = question.url ?? '';
      asked.push(path);
      const words = packing(path);
      if (words === undefined) {
        response.writeHead(404).end();
        return;
      }
      const tar = spawn('tar', words, { stdio: ['ignore', 'pipe', 'ignore'] });
      // Not made smaller: the way is what is tested, and 680 MB take a while to squeeze.
      pipeline(tar.stdout, createGzip({ level: 0 }), response).catch(() => undefined);
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    mirror = `https://localhost:${(server.address() as AddressInfo).port}/`;
    stop = () => {
      server.close();
      server.closeAllConnections();
    };
  });
  afterAll(() => {
    stop();
  });

  /** Words for tar that pack what the official servers hold under this path. */
  function packing(path: string): readonly string[] | undefined {
    if (engine === undefined) return undefined;
    if (/^\/tensorflow\/libtensorflow\/libtensorflow-cpu-linux-x86_64-[\d.]+\.tar\.gz$/.test(path)) {
      return ['-C', join(engine.folder, 'deps'), '-cf', '-', 'lib'];
    }
    if (/^\/addons\/napi-v8\/[\d.]+\/GPU-linux-[\d.]+\.tar\.gz$/.test(path)) {
      return ['-C', join(engine.folder, 'lib'), '-cf', '-', 'napi-v8'];
    }
    return undefined;
  }

  it("runs the package's installer with a mirror, and tests and uses the download", async () => {
    const env = {
      CHARLOOM_HOME: join(folder, 'home'),
      TFJS_NODE_CDN_STORAGE: mirror,
      npm_config_tfjs_binding_binary_host_mirror: `${mirror}addons`,
      NODE_EXTRA_CA_CERTS: certificate,
    };
    const install = ['engine', 'install', 'tensorflow', '--cpu', '--from', 'official'];
    const { code, stderr } = await charloom(install, { env });
    expect({ code, stderr }).toMatchObject({ code: 0 });
    expect(asked).toHaveLength(2);
    const [installed, ...others] = readdirSync(join(env.CHARLOOM_HOME, 'engines'));
    expect({ installed, others }).toEqual({
      installed: expect.stringMatching(/^tensorflow-[\d.]+-cpu-/) as unknown,
      others: [],
    });
    const verified = await charloom(['verify', '--backend', 'tensorflow'], { env });
    expect(verified).toMatchObject({ code: 0 });
    const listed = await charloom(['engine', 'list', '--json'], { env });
    expect(JSON.parse(listed.stdout)).toMatchObject({ engines: [{ way: 'official' }] });
  });

  it('leaves nothing behind where the mirror is empty', async () => {
    const env = { CHARLOOM_HOME: join(folder, 'empty'), TFJS_NODE_CDN_STORAGE: `${mirror}nothing/` };
    const install = ['engine', 'install', 'tensorflow', '--cpu', '--from', 'official'];
    const { code, stderr } = await charloom(install, { env: { ...env, NODE_EXTRA_CA_CERTS: certificate } });
    expect(code).toBe(3);
    expect(stderr).toContain("The package's own installer failed.");
    expect(readdirSync(join(env.CHARLOOM_HOME, 'engines'))).toEqual([]);
  });
});
