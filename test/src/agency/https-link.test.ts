import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import https from 'node:https';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createHttpLink } from '#agency/http-link';
import { systemClock } from '#core/clock';

const hasOpenssl = spawnSync('openssl', ['version']).status === 0;
let folder = '';
let server: https.Server | undefined;
let url = '';
let cert = '';
const heard: string[] = [];

beforeAll(async () => {
  if (!hasOpenssl) return;
  folder = mkdtempSync(join(tmpdir(), 'guitai-tls-'));
  const [keyFile, certFile] = [join(folder, 'key.pem'), join(folder, 'cert.pem')];
  const request = ['req', '-x509', '-newkey', 'rsa:2048', '-nodes', '-days', '2', '-subj', '/CN=localhost'];
  const names = ['-addext', 'subjectAltName=DNS:localhost,IP:127.0.0.1'];
  execFileSync('openssl', [...request, ...names, '-keyout', keyFile, '-out', certFile], { stdio: 'ignore' });
  cert = readFileSync(certFile, 'utf8');
  server = https.createServer({ key: readFileSync(keyFile), cert }, (request_, response) => {
    heard.push(request_.url ?? '');
    response.end('{"infcode":0}');
  });
  await new Promise<void>((resolve) => server?.listen(0, '127.0.0.1', resolve));
  url = `https://127.0.0.1:${(server.address() as AddressInfo).port}`;
});

afterAll(async () => {
  await new Promise((resolve) => (server === undefined ? resolve(undefined) : server.close(resolve)));
  if (folder !== '') rmSync(folder, { recursive: true });
});

const message = { headers: {}, body: new TextEncoder().encode('{}'), answerTimeoutMs: 30_000 };

describe.skipIf(!hasOpenssl)('https', () => {
  test('a peer whose certificate the configured authority signed is answered', async () => {
    const link = createHttpLink({ clock: systemClock, connectTimeoutMs: 5000, tls: { ca: cert } });
    const result = await link.send({ ...message, url: `${url}/known` });
    expect(result).toMatchObject({ kind: 'answered', status: 200 });
    expect(heard).toContain('/known');
  });

  test('a peer with an unknown certificate gets no message at all', async () => {
    const link = createHttpLink({ clock: systemClock, connectTimeoutMs: 5000 });
    const result = await link.send({ ...message, url: `${url}/unknown` });
    expect(result).toMatchObject({ kind: 'not-sent', failure: 'tls-failed' });
    expect(heard).not.toContain('/unknown');
  });

  test('a peer with a certificate for another name gets no message at all', async () => {
    const tls = { ca: cert, serverName: 'agency.example' };
    const link = createHttpLink({ clock: systemClock, connectTimeoutMs: 5000, tls });
    const result = await link.send({ ...message, url: `${url}/other-name` });
    expect(result).toMatchObject({ kind: 'not-sent', failure: 'tls-failed' });
    expect(heard).not.toContain('/other-name');
  });
});
