import type { Page } from 'playwright-core';
import type { Theatre } from './stage.ts';

/** The counter's screen and a large one. The large one is drawn at two thirds: enough to read, and small to keep. */
export const SIZES = [
  { width: 1024, height: 768, scale: 1 },
  { width: 1920, height: 1080, scale: 2 / 3 },
] as const;
export type Size = (typeof SIZES)[number];

/** What is on the screen at this size, with no caret and nothing that turns. */
export async function shoot({ page, cdp }: Theatre, { width, height, scale }: Size): Promise<Buffer> {
  await page.setViewportSize({ width, height });
  await holdStill(page);
  const { data } = await cdp.send('Page.captureScreenshot', {
    format: 'png',
    clip: { x: 0, y: 0, width, height, scale },
    optimizeForSpeed: true,
  });
  return Buffer.from(data, 'base64');
}

/** By a constructed sheet: the page's policy allows no other style from outside. */
function holdStill(page: Page): Promise<void> {
  return page.evaluate(async () => {
    if (document.adoptedStyleSheets.length === 0) {
      const still = new CSSStyleSheet();
      still.replaceSync(
        '*, *::before, *::after { animation: none !important; transition: none !important; caret-color: transparent !important; }',
      );
      document.adoptedStyleSheets = [still];
    }
    await document.fonts.ready;
    await new Promise((drawn) => requestAnimationFrame(() => requestAnimationFrame(drawn)));
  });
}
