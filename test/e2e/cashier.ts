import type { Locator } from 'playwright-core';
import { expect } from 'vitest';
import type { TrainingCardId } from '#simulators/cards/training-facts';
import type { RealShop } from './real-shop.ts';

/** One pack of a class 甲 product of the starter list. */
export const GOODS = '6909901000017';

/** What a cashier does at the keyboard and sees on the page; nothing here touches a mouse. */
export class Cashier {
  readonly #shop: RealShop;

  constructor(shop: RealShop) {
    this.#shop = shop;
  }

  async insert(id: TrainingCardId, name: string): Promise<void> {
    await this.#shop.insert(id);
    await this.sees('holder-name').getByText(name).waitFor();
  }

  async scan(code = GOODS, line = 1): Promise<void> {
    await this.#shop.page.keyboard.type(`${code}\n`);
    await this.sees(`line-${line}`).waitFor();
  }

  async quote(): Promise<void> {
    await this.#shop.page.keyboard.press('F8');
    await this.sees('split-account').waitFor();
  }

  async openPayDialog(): Promise<void> {
    await this.#shop.page.keyboard.press('F9');
    await this.sees('pay-dialog').waitFor();
  }

  /** Card, goods and quote up to the key that takes the money. */
  async upToPay(id: TrainingCardId, name: string): Promise<void> {
    await this.insert(id, name);
    await this.scan();
    await this.quote();
    await this.openPayDialog();
  }

  async press(key: string): Promise<void> {
    await this.#shop.page.keyboard.press(key);
  }

  sees(testId: string): Locator {
    return this.#shop.page.getByTestId(testId).first();
  }

  /** The code as the page prints it, in a fault note or on a light of the status bar. */
  async seesCode(code: string, within?: string): Promise<void> {
    const { page } = this.#shop;
    const place = within === undefined ? page : page.getByTestId(within);
    await place
      .locator('code')
      .filter({ hasText: new RegExp(`^${code}$`) })
      .first()
      .waitFor({ timeout: 10_000 });
  }

  async seesNoCode(within: string): Promise<void> {
    const codes = this.#shop.page.getByTestId(within).locator('code');
    await expect.poll(() => codes.count(), { timeout: 10_000 }).toBe(0);
  }

  async seesState(testId: string, state: string): Promise<void> {
    const found = this.#shop.page.locator(`[data-testid="${testId}"][data-state="${state}"]`);
    await found.first().waitFor({ timeout: 10_000 });
  }

  /** Done, paper out, and the counter free for the next customer. */
  async finish(): Promise<string> {
    await this.sees('done').waitFor();
    const { sale } = await this.#shop.until(
      'the slip is out',
      (view) => view.sale.state === 'done' && view.printer.owed === 0,
    );
    await this.press('F10');
    await this.seesState('till', 'selling');
    return sale.saleNumber;
  }

  /** Empties the basket by key, as far as there is one. */
  async clear(): Promise<void> {
    if ((await this.#shop.view()).sale.state === 'confirming') await this.press('Escape');
    await this.seesState('till', 'selling');
    // Asked only now: a key pressed just before may still have been clearing a finished sale.
    const { sale } = await this.#shop.view();
    if (sale.lines.length === 0) return;
    await this.sees('line-1').waitFor();
    await this.press('F10');
    await this.sees('clear-dialog').waitFor();
    await this.press('Enter');
    await this.sees('clear-dialog').waitFor({ state: 'detached' });
    await this.sees('line-1').waitFor({ state: 'detached' });
  }
}
