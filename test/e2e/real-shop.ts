import type { Browser, Page } from 'playwright-core';
import { startBrowser } from '../helpers/with-page.ts';
import { type ShopOptions, ShopProgram, type ShopProgramParts } from './shop-program.ts';

/** The real program and a real browser on its page. */
export class RealShop extends ShopProgram {
  readonly browser: Browser;
  readonly page: Page;
  #enrolled = false;

  private constructor(parts: ShopProgramParts, browser: Browser, page: Page) {
    super(parts);
    this.browser = browser;
    this.page = page;
  }

  static async open(options: ShopOptions = {}): Promise<RealShop> {
    const parts = await ShopProgram.prepare(options);
    const browser = await startBrowser();
    const context = await browser.newContext({ viewport: { width: 1024, height: 768 }, locale: 'zh-CN' });
    const page = await context.newPage();
    page.setDefaultTimeout(10_000);
    const shop = new RealShop(parts, browser, page);
    await shop.startProgram();
    await shop.untilModuleReady();
    return shop;
  }

  async signIn(): Promise<void> {
    await this.page.goto(this.url);
    await this.page.getByTestId('pin').waitFor();
    await this.page.keyboard.type('1234\n');
    await this.page.getByTestId('scan').waitFor();
    if (!this.#enrolled) await this.enrolKey();
    this.#enrolled = true;
  }

  /** The code that the screen shows within the given part of the page. */
  async shownCode(code: string): Promise<void> {
    await this.page.getByText(code, { exact: false }).first().waitFor({ timeout: 15_000 });
  }

  async text(testId: string): Promise<string> {
    return (await this.page.getByTestId(testId).first().textContent()) ?? '';
  }

  override async close(): Promise<void> {
    await this.browser.close();
    await super.close();
  }
}
