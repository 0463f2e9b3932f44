import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { problemIn } from '../../../scripts/window-problem.js';
import { temporaryFolder } from '../../support/texts.ts';

// As people have found it in their terminals.
const fatal = [
  "[13:0417/1.2:FATAL:setuid_sandbox_host.cc(158)] The SUID sandbox helper binary was found, but is not configured correctly. Rather than run without sandboxing I'm aborting now.",
  '[13:0417/1.2:FATAL:zygote_host_impl_linux.cc(127)] No usable sandbox! If you are running on Ubuntu 23.10+ or another Linux distro that has disabled unprivileged user namespaces with AppArmor, see',
];

test.skipIf(process.platform === 'win32').each(fatal)(
  'on an Ubuntu that restricts user namespaces both fixes are named: %s',
  (said) => {
    const file = join(temporaryFolder('apparmor'), 'restrict');
    writeFileSync(file, '1\n');
    const problem = problemIn(said, '/opt/e/electron', file);
    expect(problem?.reason).toContain('AppArmor');
    expect(problem?.remedy).toContain("sudo chmod 4755 '/opt/e/chrome-sandbox'");
    expect(problem?.remedy).toContain('sudo sysctl -w kernel.apparmor_restrict_unprivileged_userns=0');
    writeFileSync(file, '0\n');
    expect(problemIn(said, '/opt/e/electron', file)?.remedy).not.toContain('sysctl');
  },
);

test('an unknown problem has no reason', () => {
  expect(problemIn('[1:ERROR:bus.cc(399)] Failed to connect to the bus', '/e/electron')).toBeUndefined();
});
