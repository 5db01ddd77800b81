import type { Browser, BrowserContext, CDPSession, Page } from 'playwright-core';
import type { DeviceView } from '#checkout/view';
import { FakeTill } from '../helpers/fake-till.ts';
import { FakeTraining } from '../helpers/fake-training.ts';
import { buildPages, startBrowser } from '../helpers/with-page.ts';
import { type Running, startServer } from '../helpers/with-server.ts';
import type { Scene } from './scenes.ts';

/** What a scene acts on: a page of the real server, before a till of its own whose clock stands. */
export interface Stage {
  readonly page: Page;
  readonly till: FakeTill;
  readonly training: FakeTraining;
  readonly url: string;
  seen(testId: string): Promise<void>;
  press(...keys: readonly string[]): Promise<void>;
  /** The till program ends under the page. */
  lose(): Promise<void>;
}

/** One browser, one build of the pages and one server for all scenes; each scene gets a till of its own. */
export class Theatre {
  readonly page: Page;
  readonly cdp: CDPSession;
  /** Script errors and what the page's policy refused. */
  readonly complaints: string[] = [];
  readonly #browser: Browser;
  readonly #context: BrowserContext;
  readonly #pages: Awaited<ReturnType<typeof buildPages>>;
  #running: Running | undefined;
  readonly #till: Swapped<FakeTill>;
  readonly #training: Swapped<FakeTraining>;

  private constructor(parts: {
    browser: Browser;
    context: BrowserContext;
    page: Page;
    cdp: CDPSession;
    pages: Awaited<ReturnType<typeof buildPages>>;
    till: Swapped<FakeTill>;
    training: Swapped<FakeTraining>;
  }) {
    this.#browser = parts.browser;
    this.#context = parts.context;
    this.page = parts.page;
    this.cdp = parts.cdp;
    this.#pages = parts.pages;
    this.#till = parts.till;
    this.#training = parts.training;
    this.page.on('pageerror', ({ message }) => this.complaints.push(message));
    this.page.on('console', (message) => {
      // A refusal of the till is no fault of the page, and the browser tells each one as an error.
      if (message.type() === 'error' && !/^Failed to load resource|WebSocket/.test(message.text()))
        this.complaints.push(message.text());
    });
  }

  static async open(): Promise<Theatre> {
    const pages = await buildPages();
    const browser = await startBrowser();
    const context = await browser.newContext({
      viewport: { width: 1024, height: 768 },
      locale: 'zh-CN',
      reducedMotion: 'reduce',
    });
    const page = await context.newPage();
    page.setDefaultTimeout(8_000);
    const cdp = await context.newCDPSession(page);
    const till = swapped(new FakeTill());
    const training = swapped(new FakeTraining(till.now()));
    return new Theatre({ browser, context, page, cdp, pages, till, training });
  }

  /** Leaves the scene before, and sets this one. */
  async play(scene: Scene): Promise<void> {
    const { page } = this;
    await page.goto('about:blank');
    await this.#context.clearCookies();
    const till = new FakeTill();
    till.control.set({ devices: till.view().devices.map(wellAgain) });
    const training = new FakeTraining(till);
    this.#till.swap(till);
    this.#training.swap(training);
    await page.setViewportSize({ width: 1024, height: 768 });
    this.#running ??= await startServer({
      uiFolder: this.#pages.folder,
      till: this.#till.face,
      training: this.#training.face,
    });
    const running = this.#running;
    const { url } = running.server;
    if (scene.who !== 'guest') {
      await till.openShift('01');
      const { cookie } = await running.page();
      const [name = '', value = ''] = cookie.split('=');
      await this.#context.addCookies([{ name, value, url }]);
    }
    const seen = (testId: string) => page.getByTestId(testId).first().waitFor();
    const press = async (...keys: readonly string[]) => {
      for (const key of keys) await page.keyboard.press(key);
    };
    const lose = async () => {
      this.#running = undefined;
      await running.server.close();
    };
    await scene.set({ page, till, training, url, seen, press, lose });
  }

  async close(): Promise<void> {
    await this.#context.close();
    await this.#browser.close();
    await this.#running?.server.close();
    this.#pages.remove();
  }
}

function wellAgain({ fault: _gone, ...device }: DeviceView): DeviceView {
  return device.state === 'fault' ? { ...device, state: 'ready' } : device;
}

interface Watched {
  subscribe(listener: () => void): () => void;
}

/** One face for the server, behind it whichever object the scene has. */
interface Swapped<T> {
  readonly face: T;
  now(): T;
  swap(next: T): void;
}

function swapped<T extends Watched>(first: T): Swapped<T> {
  const listeners = new Set<() => void>();
  const tell = () => {
    for (const listener of listeners) listener();
  };
  let current = first;
  let leave = first.subscribe(tell);
  const subscribe = (listener: () => void) => {
    listeners.add(listener);
    return () => listeners.delete(listener);
  };
  const face = new Proxy(first, {
    get: (_first, name) => {
      if (name === 'subscribe') return subscribe;
      const found: unknown = Reflect.get(current, name, current);
      return typeof found === 'function' ? found.bind(current) : found;
    },
  });
  return {
    face,
    now: () => current,
    swap: (next) => {
      leave();
      current = next;
      leave = next.subscribe(tell);
      tell();
    },
  };
}
