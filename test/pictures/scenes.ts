import { fault } from '#core/fault';
import { err } from '#core/result';
import { fakeChronic } from '../helpers/fake-chronic.ts';
import { officeScenes } from './office-scenes.ts';
import type { Scene } from './scene.ts';
import type { Stage } from './stage.ts';

const BASKET = ['G0001', 'G0003', 'G0006', 'G0005'] as const;

export async function openTill({ page, url, seen }: Stage): Promise<void> {
  await page.goto(url);
  await seen('scan');
}

/** A chronic patient's basket: each class, a ceiling, more than one of something. */
export async function fill(stage: Stage): Promise<void> {
  for (const code of BASKET) await stage.till.addProduct(code);
  await stage.till.setQuantity(2, '2');
  stage.till.control.insertCard();
}

async function quoted(stage: Stage): Promise<void> {
  await fill(stage);
  await openTill(stage);
  await stage.seen('holder-name');
  await stage.press('F8');
  await stage.seen('split-account');
}

/** The same holder as a chronic patient; the sale is hers for diabetes. */
async function chronic(stage: Stage): Promise<void> {
  await fill(stage);
  const { till } = stage;
  till.control.set({ holder: { ...till.view().holder, chronic: fakeChronic } });
  await till.setVisit('M01600');
  await openTill(stage);
  await stage.seen('visit');
}

async function paid(stage: Stage): Promise<void> {
  await quoted(stage);
  await stage.press('F9');
  await stage.seen('pay-dialog');
  await stage.page.keyboard.type('50');
  await stage.press('Enter');
}

async function done(stage: Stage): Promise<void> {
  await paid(stage);
  await stage.seen('done');
  await stage.page.locator('[data-testid=slip-state]:not([data-state=none])').waitFor();
}

async function offline(stage: Stage): Promise<void> {
  await fill(stage);
  stage.till.control.cut();
  await openTill(stage);
  await stage.seen('offline-limits');
}

async function offlinePay(stage: Stage): Promise<void> {
  await offline(stage);
  await stage.press('F8');
  await stage.seen('split-account');
  await stage.press('F9');
  await stage.seen('pay-pin');
}

async function held(stage: Stage): Promise<void> {
  await fill(stage);
  await stage.till.hold();
  await stage.till.addProduct('G0008');
  await stage.till.hold();
  await openTill(stage);
  await stage.seen('pending');
}

async function papersDialog(stage: Stage): Promise<void> {
  await stage.press('F1');
  await stage.page.getByTestId('menu-papers').press('Enter');
  await stage.seen('paper-image');
}

/** Which dialog an entry of the menu opens, in the order of the menu. */
export const MENU_DIALOGS: readonly (readonly [string, string])[] = [
  ['queue', 'queue-dialog'],
  ['doctor', 'doctor-dialog'],
  ['devices', 'devices-dialog'],
  ['acting', 'acting-dialog'],
  ['identity', 'identity-dialog'],
  ['change-pin', 'change-pin-dialog'],
  ['unblock', 'second-dialog'],
  ['drawer', 'drawer-dialog'],
  ['keys', 'keys-dialog'],
  ['split-report', 'split-report-dialog'],
  ['mapping', 'mapping-dialog'],
  ['papers', 'papers-dialog'],
];

/** What an entry's dialog shows when its answer has come. */
const MENU_READY: Readonly<Record<string, string>> = {
  queue: 'queue-s-000001',
  doctor: 'doctor-printer',
  keys: 'key-0000000000000001',
  'split-report': 'difference-s-000042',
  mapping: 'mapping-choices',
  papers: 'paper-image',
};

function menuScene([entry, dialog]: readonly [string, string]): Scene {
  return {
    name: `menu-${entry}`,
    set: async (stage) => {
      if (entry === 'queue') await queueOne(stage);
      if (entry === 'acting') stage.till.control.insertCard();
      await openTill(stage);
      await stage.press('F1');
      const key = await stage.page.getByTestId(`menu-${entry}`).locator('kbd').innerText();
      await stage.press(key.toLowerCase());
      await stage.seen(dialog);
      await stage.seen(MENU_READY[entry] ?? dialog);
    },
  };
}

/** An offline sale that waits for its upload. */
async function queueOne({ till }: Stage): Promise<void> {
  await till.addProduct('G0008');
  till.control.insertCard();
  till.control.cut();
  await till.quote();
  await till.pay({ mode: 'offline', acceptOfflineRisk: true, pin: '123456', tenders: [] });
  await till.nextSale();
}

const signing: readonly Scene[] = [
  {
    name: 'sign-in',
    who: 'guest',
    set: async ({ page, url, seen }) => {
      await page.goto(url);
      await seen('pin');
    },
  },
  {
    name: 'sign-in-refused',
    who: 'guest',
    set: async ({ page, url, seen }) => {
      await page.goto(url);
      await seen('pin');
      await page.keyboard.type('999999\n');
      await seen('fault');
    },
  },
  {
    name: 'shift-closed',
    set: async ({ page, url, till, seen }) => {
      await till.closeShift();
      await page.goto(url);
      await seen('open-shift');
    },
  },
  {
    name: 'shift-refused',
    set: async ({ page, url, till, seen }) => {
      await till.closeShift();
      till.openShift = async () => err(fault('agency-unreachable'));
      await page.goto(url);
      await seen('open-shift');
      await page.keyboard.press('Enter');
      await seen('fault');
    },
  },
];

const selling: readonly Scene[] = [
  { name: 'till-empty', set: openTill },
  {
    name: 'till-search',
    set: async (stage) => {
      await fill(stage);
      await openTill(stage);
      await stage.page.getByTestId('scan').pressSequentially('amx', { delay: 45 });
      await stage.page
        .locator('[data-testid=answers][aria-busy=false]')
        .getByTestId('answer-G0002')
        .waitFor();
    },
  },
  {
    name: 'till-selling',
    set: async (stage) => {
      await fill(stage);
      await openTill(stage);
      await stage.seen('holder-name');
    },
  },
  { name: 'till-split', set: quoted },
  {
    name: 'till-chronic',
    set: async (stage) => {
      await chronic(stage);
      await stage.press('F8');
      await stage.seen('split-account');
    },
  },
  {
    name: 'visit',
    set: async (stage) => {
      await chronic(stage);
      await stage.press('F5');
      await stage.seen('visit-dialog');
    },
  },
  {
    name: 'till-pay',
    set: async (stage) => {
      await quoted(stage);
      await stage.press('F9');
      await stage.seen('pay-dialog');
      await stage.page.keyboard.type('50');
    },
  },
  {
    name: 'till-pay-too-little',
    set: async (stage) => {
      await quoted(stage);
      await stage.press('F9');
      await stage.seen('pay-dialog');
      await stage.page.keyboard.type('1');
    },
  },
  {
    name: 'till-consent',
    set: async (stage) => {
      stage.till.control.consent('ask');
      await quoted(stage);
      await stage.press('F9');
      await stage.seen('paper-image');
    },
  },
  {
    name: 'till-consent-printed',
    set: async (stage) => {
      stage.till.control.consent('print');
      await quoted(stage);
      await stage.press('F9');
      await stage.seen('paper-image');
      await stage.press('Enter');
      await stage.seen('consent-printed');
    },
  },
  { name: 'till-done', set: done },
  { name: 'till-pending', set: held },
];

/** A finished sale of which one line and one of two packs come back. */
async function refundLines(stage: Stage): Promise<void> {
  await done(stage);
  await stage.press('F11');
  await stage.seen('act-refund');
  await stage.press('r');
  await stage.seen('refund-line-1');
  await stage.press('Space');
  await stage.press('ArrowDown');
  await stage.press('1');
  await stage.page.getByTestId('back-total').getByText('.').waitFor();
}

async function refundConfirm(stage: Stage): Promise<void> {
  await refundLines(stage);
  await stage.press('Enter');
  await stage.seen('second-dialog');
}

/** What is kept lies on the counter, quoted. */
async function restQuoted(stage: Stage): Promise<void> {
  await refundConfirm(stage);
  await stage.page.keyboard.type('02');
  await stage.press('Tab');
  await stage.page.keyboard.type('222222');
  await stage.press('Tab');
  await stage.page.keyboard.insertText('顾客退货退款');
  await stage.press('Enter');
  await stage.seen('rest');
  await stage.press('F8');
  await stage.seen('split-account');
}

async function restPaid(stage: Stage): Promise<void> {
  await restQuoted(stage);
  await stage.press('F9');
  await stage.seen('cash-back');
  await stage.press('Enter');
  await stage.seen('done');
  await stage.page.locator('[data-testid=slip-state]:not([data-state=none])').waitFor();
}

const refunds: readonly Scene[] = [
  { name: 'refund-lines', set: refundLines },
  { name: 'refund-confirm', set: refundConfirm },
  { name: 'refund-rest', set: restQuoted },
  { name: 'refund-done', set: restPaid },
  {
    name: 'refund-listed',
    set: async (stage) => {
      await restPaid(stage);
      await stage.press('F11');
      await stage.seen('replaced-by');
      await stage.press('ArrowDown');
      await stage.seen('linked-sale');
    },
  },
];

const trouble: readonly Scene[] = [
  { name: 'offline', set: offline },
  {
    name: 'offline-split',
    set: async (stage) => {
      await offline(stage);
      await stage.press('F8');
      await stage.seen('split-account');
    },
  },
  { name: 'offline-pay', set: offlinePay },
  {
    name: 'offline-done',
    set: async (stage) => {
      await offlinePay(stage);
      await stage.page.getByTestId('pay-pin').fill('123456');
      await stage.page.getByTestId('pay-accept').check();
      await stage.page.getByTestId('pay-submit').press('Enter');
      await stage.seen('done');
      await stage.page.locator('[data-testid=slip-state]:not([data-state=none])').waitFor();
    },
  },
  {
    name: 'unknown',
    set: async (stage) => {
      stage.till.control.nextPayment('agency-no-answer');
      await paid(stage);
      await stage.seen('unknown');
    },
  },
  {
    name: 'printer-paper-out',
    set: async (stage) => {
      stage.till.control.printerFault('printer-paper-out');
      await done(stage);
    },
  },
  {
    name: 'card-refused',
    set: async (stage) => {
      stage.till.control.refuseCard('card-locked');
      await stage.till.addProduct('G0001');
      await openTill(stage);
      await stage.seen('line-1');
      await stage.page.keyboard.type('4006381333931\n');
      await stage.page.getByText('catalog-product-unknown').waitFor();
    },
  },
  {
    name: 'many-troubles',
    set: async (stage) => {
      await fill(stage);
      const { control } = stage.till;
      control.printerFault('printer-cover-open');
      control.cut();
      control.set({
        reader: { state: 'service-down', readers: [], fault: fault('reader-service-down') },
        guards: [fault('disk-low')],
      });
      await openTill(stage);
      await stage.seen('alerts');
    },
  },
  {
    name: 'link-lost',
    set: async (stage) => {
      await fill(stage);
      await openTill(stage);
      await stage.seen('holder-name');
      await stage.lose();
      await stage.seen('link-lost');
    },
  },
];

const dialogs: readonly Scene[] = [
  {
    name: 'menu',
    set: async (stage) => {
      await openTill(stage);
      await stage.press('F1');
      await stage.seen('menu-dialog');
    },
  },
  ...MENU_DIALOGS.map(menuScene),
  {
    name: 'papers-label',
    set: async (stage) => {
      await fill(stage);
      await openTill(stage);
      await stage.seen('line-1');
      await papersDialog(stage);
      await stage.page.keyboard.type('amx');
      await stage.page.getByTestId('paper-answers').getByText('阿莫西林').first().waitFor();
      await stage.seen('paper-image');
    },
  },
  {
    name: 'quantity',
    set: async (stage) => {
      await fill(stage);
      await openTill(stage);
      await stage.seen('line-1');
      await stage.press('F2');
      await stage.seen('quantity-dialog');
    },
  },
  {
    name: 'equivalents',
    set: async (stage) => {
      await fill(stage);
      await openTill(stage);
      await stage.seen('line-1');
      await stage.press('Insert');
      await stage.seen('equivalent-asked');
    },
  },
  {
    name: 'recall',
    set: async (stage) => {
      await held(stage);
      await stage.press('F6');
      await stage.seen('pending-dialog');
    },
  },
  {
    name: 'clear',
    set: async (stage) => {
      await fill(stage);
      await openTill(stage);
      await stage.seen('line-1');
      await stage.press('F10');
      await stage.seen('clear-dialog');
    },
  },
  {
    name: 'sales',
    set: async (stage) => {
      await done(stage);
      await stage.press('F11');
      await stage.page.locator('[data-testid^=sale-s]').waitFor();
    },
  },
  {
    name: 'sales-slip',
    set: async (stage) => {
      await done(stage);
      await stage.press('F11');
      await stage.page.locator('[data-testid^=sale-s]').waitFor();
      await stage.press('v');
      await stage.seen('slip-image');
    },
  },
  {
    name: 'sales-cancel',
    set: async (stage) => {
      await done(stage);
      await stage.press('F11');
      await stage.page.locator('[data-testid^=sale-s]').waitFor();
      await stage.press('c');
      await stage.seen('second-dialog');
    },
  },
];

/** The same in English first: the menu's key for the language takes the till there, in the middle of a sale. */
const english: readonly Scene[] = [
  {
    name: 'english-sign-in',
    tongue: 'en',
    who: 'guest',
    set: async ({ page, url, seen }) => {
      await page.goto(url);
      await seen('pin');
      await page.getByTestId('language-en').press('Enter');
      await page.locator('html[lang=en]').waitFor();
      await seen('pin');
    },
  },
  {
    name: 'english-split',
    tongue: 'en',
    set: async (stage) => {
      await quoted(stage);
      await stage.press('F1');
      await stage.seen('menu-dialog');
      await stage.page.getByTestId('menu-language').press('Enter');
      await stage.page.locator('html[lang=en]').waitFor();
      await stage.seen('split-account');
    },
  },
  {
    name: 'english-visit',
    tongue: 'en',
    set: async (stage) => {
      await chronic({ ...stage, url: `${stage.url}/?lang=en` });
      await stage.press('F5');
      await stage.seen('visit-dialog');
    },
  },
  {
    name: 'english-unknown',
    tongue: 'en',
    set: async (stage) => {
      stage.till.control.nextPayment('agency-no-answer');
      await paid({ ...stage, url: `${stage.url}/?lang=en` });
      await stage.seen('unknown');
    },
  },
  {
    name: 'english-customer',
    tongue: 'en',
    set: async (stage) => {
      await fill(stage);
      await stage.till.quote();
      await stage.page.goto(`${stage.url}/customer?lang=en`);
      await stage.seen('customer');
    },
  },
];

const otherPages: readonly Scene[] = [
  {
    name: 'training-side',
    set: async (stage) => {
      await fill(stage);
      await openTill(stage);
      await stage.seen('line-1');
      await stage.press('F12');
      await stage.seen('training-side');
    },
  },
  {
    name: 'training-page',
    set: async (stage) => {
      await stage.training.showCertificate('card-a');
      await stage.page.goto(`${stage.url}/training`);
      await stage.seen('certificate-qr');
    },
  },
  {
    name: 'customer-closed',
    who: 'guest',
    set: async (stage) => {
      await stage.page.goto(`${stage.url}/customer`);
      await stage.page.getByTestId('customer-closed').getByText('示例大药房（训练）').waitFor();
    },
  },
  customer('customer-welcome', async () => undefined),
  customer('customer-lines', fill),
  customer('customer-pay', async (stage) => {
    await fill(stage);
    await stage.till.quote();
  }),
  customer('customer-held', kept),
  customer('customer-take-card', takeCard),
  customer('customer-large', fill, '?mode=large'),
  customer('customer-large-pay', tellSum, '?mode=large'),
  customer('customer-simple-welcome', async () => undefined, '?mode=simple'),
  customer('customer-simple', fill, '?mode=simple'),
  customer('customer-simple-pay', tellSum, '?mode=simple'),
  customer('customer-simple-take-card', takeCard, '?mode=simple'),
  customer('customer-pin', async (stage) => {
    await fill(stage);
    await stage.till.quote();
    stage.till.control.set({ pin: { entry: 'pad', waiting: true } });
  }),
  customer('customer-unknown', async (stage) => {
    await fill(stage);
    await stage.till.quote();
    stage.till.control.nextPayment('agency-no-answer');
    const { cash = '0.00' } = stage.till.view().sale.split ?? {};
    const tenders = [{ kind: 'cash' as const, amount: cash }];
    await stage.till.pay({ mode: 'insured', expectedCash: cash, tenders });
  }),
  {
    name: 'customer-lost',
    set: async (stage) => {
      await fill(stage);
      await stage.page.goto(`${stage.url}/customer`);
      await stage.seen('customer');
      await stage.lose();
      await stage.page.locator('.customer-lost').waitFor();
    },
  },
  customer('customer-done', async (stage) => {
    await fill(stage);
    await stage.till.quote();
    const { cash = '0.00' } = stage.till.view().sale.split ?? {};
    const tenders = [{ kind: 'cash' as const, amount: '50.00' }];
    await stage.till.pay({ mode: 'insured', expectedCash: cash, tenders });
  }),
];

async function tellSum(stage: Stage): Promise<void> {
  await fill(stage);
  await stage.till.quote();
}

async function takeCard(stage: Stage): Promise<void> {
  await tellSum(stage);
  const { cash = '0.00' } = stage.till.view().sale.split ?? {};
  const tenders = [{ kind: 'cash' as const, amount: '50.00' }];
  await stage.till.pay({ mode: 'insured', expectedCash: cash, tenders });
  stage.till.control.screen({ hint: 'remove-card' });
}

async function kept(stage: Stage): Promise<void> {
  await fill(stage);
  await stage.till.hold();
  stage.till.control.screen({ hint: 'held' });
}

function customer(name: string, before: (stage: Stage) => Promise<void>, query = ''): Scene {
  return {
    name,
    set: async (stage) => {
      await before(stage);
      await stage.page.goto(`${stage.url}/customer${query}`);
      await stage.seen('customer');
    },
  };
}

/** Every state that people see, each with its own name; a new state is one more entry. */
export const scenes: readonly Scene[] = [
  ...signing,
  ...selling,
  ...refunds,
  ...trouble,
  ...dialogs,
  ...english,
  ...otherPages,
  ...officeScenes,
];
