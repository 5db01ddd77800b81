import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { FirstView } from '#server/api-types';
import { type Running, startServer } from '../../helpers/with-server.ts';

let folder: string;
let running: Running;
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'guitai-first-view-'));
  for (const name of ['index.html', 'training.html']) {
    writeFileSync(join(folder, name), '<!doctype html><html><body><div id="app"></div></body></html>');
  }
  const pinHints = [{ number: '01', pin: '</script><script>$&$1' }];
  running = await startServer({ uiFolder: folder, pinHints });
});
afterAll(async () => {
  await running.server.close();
  rmSync(folder, { recursive: true, force: true });
});

/** As a browser reads it: a data block ends at the first end tag. */
async function firstView(path: string, cookie?: string): Promise<FirstView> {
  const answer = await running.send('GET', path, cookie === undefined ? {} : { headers: { cookie } });
  expect([answer.status, answer.headers['cache-control']]).toEqual([200, 'no-store']);
  expect(answer.text.match(/<\/?script/g)).toEqual(['<script', '</script']);
  const [, data] =
    /<script id="first-view" type="application\/json">(.*?)<\/script>/s.exec(answer.text) ?? [];
  return JSON.parse(data ?? 'null');
}

test('without a session the page brings what the sign-in shows, and nothing of the till', async () => {
  const asked = await running.send('GET', '/api/shop');
  expect(await firstView('/')).toEqual({ shop: asked.json });
  const [name] = (await running.page()).cookie.split('=');
  expect(await firstView('/', `${name}=forged`)).toEqual({ shop: asked.json });
});

test('an end tag in the data stays text', async () => {
  expect((await firstView('/')).shop.pinHints).toEqual([{ number: '01', pin: '</script><script>$&$1' }]);
});

test('who sells gets the till with the page; the training page never does', async () => {
  const { cookie, csrf } = await running.page();
  await running.till.addProduct('G0001');
  const view = await firstView('/', cookie);
  expect(view.shop.session?.csrf).toBe(csrf);
  expect(view.till?.sale.lines).toEqual(running.till.view().sale.lines);
  expect(view.till?.sale.lines).toHaveLength(1);
  expect((await firstView('/training', cookie)).till).toBeUndefined();
});

test('who does not sell gets no sale with the page', async () => {
  const { cookie } = await running.page('02', '222222');
  const [, manager] = running.till.operatorRows();
  if (manager !== undefined) running.till.office.put({ ...manager, role: 'inspector' });
  const view = await firstView('/', cookie);
  expect(view.shop.session?.operator.rights).not.toContain('sell');
  expect(view.till).toBeUndefined();
});
