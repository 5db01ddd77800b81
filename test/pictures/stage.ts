import type { CDPSession, Page } from 'playwright-core';
import type { DeviceView } from '#checkout/view';
import type { FakeTill } from '../helpers/fake-till.ts';
import type { FakeTraining } from '../helpers/fake-training.ts';
import { PageDesk } from '../helpers/page-desk.ts';
import type { Scene } from './scene.ts';

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

/** One desk for all scenes; each scene gets a till of its own. */
export class Theatre {
  readonly cdp: CDPSession;
  readonly #desk: PageDesk;

  private constructor(desk: PageDesk, cdp: CDPSession) {
    this.#desk = desk;
    this.cdp = cdp;
  }

  static async open(): Promise<Theatre> {
    const desk = await PageDesk.open({ reducedMotion: 'reduce' });
    desk.page.setDefaultTimeout(8_000);
    return new Theatre(desk, await desk.context.newCDPSession(desk.page));
  }

  get page(): Page {
    return this.#desk.page;
  }

  get till(): FakeTill {
    return this.#desk.till;
  }

  /** Script errors and what the page's policy refused, since the last question. */
  complaints(): string[] {
    // A refusal of the till is no fault of the page, and the browser tells each one as an error.
    return this.#desk.complaints.splice(0).filter((text) => !/^Failed to load resource|WebSocket/.test(text));
  }

  /** Leaves the scene before, and sets this one. */
  async play(scene: Scene): Promise<void> {
    const desk = this.#desk;
    await desk.fresh();
    const { page, till, training, url } = desk;
    till.control.set({ devices: till.view().devices.map(wellAgain) });
    if (scene.who === undefined) await till.openShift('01');
    if (scene.who === 'manager') await desk.session('02', '222222');
    if (scene.who === undefined) await desk.session();
    const seen = (testId: string) => page.getByTestId(testId).first().waitFor();
    const press = async (...keys: readonly string[]) => {
      for (const key of keys) await page.keyboard.press(key);
    };
    const lose = async () => {
      await desk.lose();
    };
    await scene.set({ page, till, training, url, seen, press, lose });
  }

  close(): Promise<void> {
    return this.#desk.close();
  }
}

function wellAgain({ fault: _gone, ...device }: DeviceView): DeviceView {
  return device.state === 'fault' ? { ...device, state: 'ready' } : device;
}
