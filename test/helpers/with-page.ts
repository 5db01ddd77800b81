import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type Browser, chromium, type Page } from 'playwright-core';
import { createBuilder } from 'vite';

const BROWSER = process.env['GUITAI_CHROMIUM'] ?? '/usr/bin/chromium';

/** Builds the pages from source into a folder of their own, so that a test never sees an older build. */
export async function buildPages(): Promise<{ folder: string; remove(): void }> {
  const folder = mkdtempSync(join(tmpdir(), 'guitai-pages-'));
  const configFile = fileURLToPath(new URL('../../src/ui/vite.config.ts', import.meta.url));
  const builder = await createBuilder({ configFile, logLevel: 'error', build: { outDir: folder } });
  await builder.buildApp();
  return { folder, remove: () => rmSync(folder, { recursive: true, force: true }) };
}

export function startBrowser(): Promise<Browser> {
  return chromium.launch({ executablePath: BROWSER, args: ['--no-sandbox', '--disable-dev-shm-usage'] });
}

/** A page that remembers every script error, refused resource and blocked inline part. */
export async function watchedPage(
  browser: Browser,
  size: { width: number; height: number } = { width: 1024, height: 768 },
): Promise<{ page: Page; complaints: string[] }> {
  const context = await browser.newContext({ viewport: size, locale: 'zh-CN' });
  const page = await context.newPage();
  const complaints: string[] = [];
  page.on('pageerror', (error) => complaints.push(error.message));
  page.on('console', (message) => {
    if (message.type() === 'error') complaints.push(message.text());
  });
  return { page, complaints };
}
