import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Page } from 'playwright-core';

/** Keeps a picture for looking at, in the folder that `GUITAI_LOOK_FOLDER` names, if it names one. */
export async function keepPicture(page: Page, name: string): Promise<void> {
  const folder = process.env['GUITAI_LOOK_FOLDER'];
  if (folder === undefined) return;
  mkdirSync(folder, { recursive: true });
  await page.screenshot({ path: join(folder, `${name}.png`) });
}
