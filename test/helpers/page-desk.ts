import type { Browser, BrowserContext, Page } from 'playwright-core';
import { afterAll, beforeAll, beforeEach } from 'vitest';
import { FakeTill } from './fake-till.ts';
import { FakeTraining } from './fake-training.ts';
import { type Swapped, swapped } from './swapped.ts';
import { buildPages, startBrowser } from './with-page.ts';
import { type Running, startServer } from './with-server.ts';

const COUNTER = { width: 1024, height: 768 };

/**
 * One build of the pages, one browser with one page and one server for all tests of a file; each test gets a till of
 * its own behind that server, and nobody is signed in.
 */
export class PageDesk {
  readonly context: BrowserContext;
  readonly page: Page;
  /** Script errors, refused resources and blocked inline parts, since the test began. */
  readonly complaints: string[] = [];
  readonly #browser: Browser;
  readonly #pages: Awaited<ReturnType<typeof buildPages>>;
  readonly #till: Swapped<FakeTill>;
  readonly #training: Swapped<FakeTraining>;
  #running: Running | undefined;

  private constructor(
    browser: Browser,
    context: BrowserContext,
    page: Page,
    pages: Awaited<ReturnType<typeof buildPages>>,
  ) {
    this.#browser = browser;
    this.context = context;
    this.page = page;
    this.#pages = pages;
    this.#till = swapped(new FakeTill());
    this.#training = swapped(new FakeTraining(this.#till.now()));
    context.on('weberror', (error) => this.complaints.push(error.error().message));
    context.on('console', (message) => {
      if (message.type() === 'error') this.complaints.push(message.text());
    });
  }

  static async open(options: { readonly reducedMotion?: 'reduce' } = {}): Promise<PageDesk> {
    const [pages, browser] = await Promise.all([buildPages(), startBrowser()]);
    const context = await browser.newContext({ viewport: COUNTER, locale: 'zh-CN', ...options });
    const page = await context.newPage();
    page.setDefaultTimeout(10_000);
    return new PageDesk(browser, context, page, pages);
  }

  /** Leaves what was, for a till that nobody has used. */
  async fresh(): Promise<void> {
    const { page, context } = this;
    for (const other of context.pages()) if (other !== page) await other.close();
    await page.unrouteAll({ behavior: 'ignoreErrors' });
    await page.goto('about:blank');
    await page.setViewportSize(COUNTER);
    await context.clearCookies();
    this.complaints.splice(0);
    const till = new FakeTill();
    this.#till.swap(till);
    this.#training.swap(new FakeTraining(till));
    if (this.#running === undefined) await this.start();
  }

  get folder(): string {
    return this.#pages.folder;
  }

  get till(): FakeTill {
    return this.#till.now();
  }

  get training(): FakeTraining {
    return this.#training.now();
  }

  get url(): string {
    return this.#server.server.url;
  }

  get #server(): Running {
    if (this.#running === undefined) throw new Error('the server does not run');
    return this.#running;
  }

  async start(port = 0): Promise<void> {
    const parts = { uiFolder: this.folder, till: this.#till.face, training: this.#training.face };
    this.#running = await startServer({ ...parts, port });
  }

  /** The till program ends under the page; answers the port on which it was found. */
  async lose(): Promise<number> {
    const { server } = this.#server;
    this.#running = undefined;
    await server.close();
    return server.address.port;
  }

  /** A session of this operator, as one that was left open: the PIN at the page has tests of its own. */
  async session(number = '01', pin = '111111'): Promise<void> {
    const { cookie } = await this.#server.page(number, pin);
    const [name = '', value = ''] = cookie.split('=');
    await this.context.addCookies([{ name, value, url: this.url, httpOnly: true }]);
  }

  /** The cashier in an open shift, before the scan box. */
  async signIn(): Promise<void> {
    await this.till.openShift('01');
    await this.session();
    await this.page.goto(this.url);
    await this.page.getByTestId('scan').waitFor();
  }

  async close(): Promise<void> {
    await this.context.close();
    await this.#browser.close();
    await this.#running?.server.close();
    this.#pages.remove();
  }
}

/** The desk of a file of tests: opened before them, fresh for each. */
export function usePageDesk(use: (desk: PageDesk) => void): void {
  let desk: PageDesk | undefined;
  beforeAll(async () => {
    desk = await PageDesk.open();
    use(desk);
  });
  beforeEach(() => desk?.fresh());
  afterAll(() => desk?.close());
}
