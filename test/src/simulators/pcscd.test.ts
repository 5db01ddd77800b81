import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { pcscdAvailable, startPrivatePcscd } from '#simulators/pcscd';

const available = pcscdAvailable();
const systemPidFile = '/run/pcscd/pcscd.pid';
const isAlive = (pid: number): boolean => {
  // A zombie still takes signals: only its state tells.
  const stat = existsSync(`/proc/${pid}/stat`) ? readFileSync(`/proc/${pid}/stat`, 'utf8') : '';
  return stat !== '' && !/\) Z /.test(stat);
};

describe.skipIf(!available.ok)('a card service of our own', () => {
  let folder: string;
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'guitai-own-pcscd-'));
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  test('starts on a free pair of ports, leaves the system entry alone, and ends with stop', async () => {
    const daemon = await startPrivatePcscd({ folder });
    expect(daemon.channelPort).toBeLessThan(32_768);
    expect(daemon.env.PCSCLITE_CSOCK_NAME).toBe(join(folder, 'pcscd.comm'));
    expect(existsSync(daemon.socketPath)).toBe(true);
    expect(isAlive(daemon.pid)).toBe(true);
    const entry = existsSync(systemPidFile) ? readFileSync(systemPidFile, 'utf8') : '';
    expect(Number.parseInt(entry, 10)).not.toBe(daemon.pid);
    await daemon.stop();
    await daemon.stop();
    expect(isAlive(daemon.pid)).toBe(false);
    expect(existsSync(daemon.socketPath)).toBe(false);
  });

  test('two of them live side by side', async () => {
    const one = await startPrivatePcscd({ folder: join(folder, 'one') });
    const two = await startPrivatePcscd({ folder: join(folder, 'two') });
    expect(two.channelPort).not.toBe(one.channelPort);
    await one.stop();
    expect(isAlive(two.pid)).toBe(true);
    await two.stop();
  });

  test('ends with the process that started it, even after SIGKILL', async () => {
    const script = join(folder, 'owner.mjs');
    const compiled = new URL('../../../dist/src/simulators/pcscd.js', import.meta.url).href;
    writeFileSync(
      script,
      `import { startPrivatePcscd } from ${JSON.stringify(compiled)};
       const daemon = await startPrivatePcscd({ folder: ${JSON.stringify(join(folder, 'owned'))} });
       console.log(daemon.pid);
       setInterval(() => {}, 1000);`,
    );
    const owner = spawn(process.execPath, [script], { stdio: ['ignore', 'pipe', 'inherit'] });
    const pid = await new Promise<number>((resolve) => {
      owner.stdout.once('data', (text: Buffer) => resolve(Number(text.toString())));
    });
    expect(isAlive(pid)).toBe(true);
    owner.kill('SIGKILL');
    await expect.poll(() => isAlive(pid), { timeout: 5_000 }).toBe(false);
  });

  test('a port that is taken is told, not waited for for ever', async () => {
    const one = await startPrivatePcscd({ folder: join(folder, 'first') });
    const second = startPrivatePcscd({ folder: join(folder, 'second'), channelPort: one.channelPort });
    await expect(second).rejects.toThrow();
    await one.stop();
  });
});
