import { fault } from '#core/fault';
import { err } from '#core/result';
import { catalogStateExample } from '#server/schemas-catalog';
import { journalVerifyExample } from '#server/schemas-journal';
import type { Scene } from './scene.ts';
import type { Stage } from './stage.ts';

/** Each section with its key and what it shows when its answer has come. */
const SECTIONS = [
  ['day', 'F1', 'day-facts'],
  ['operators', 'F2', 'operators'],
  ['journal', 'F3', 'verify'],
  ['looks', 'F4', 'looks'],
  ['policies', 'F6', 'policies'],
  ['catalogue', 'F7', 'agency-tables'],
  ['devices', 'F8', 'device-card-reader'],
  ['queue', 'F9', 'queue-panel'],
  ['settings', 'F10', 'settings'],
  ['setup', 'Insert', 'setup-steps'],
] as const;
type SectionId = (typeof SECTIONS)[number][0];

async function open({ page, url, seen, press }: Stage, section: SectionId, inTongue = ''): Promise<void> {
  const [, key, shown] = SECTIONS.find(([id]) => id === section) ?? SECTIONS[0];
  await page.goto(`${url}/office${inTongue}`);
  await seen('office');
  await press(key);
  await page.locator(`[data-testid=office][data-section=${section}]`).waitFor();
  await seen(shown);
}

/** A section as the manager finds it, after whatever comes before and before whatever is done there. */
function section(
  name: string,
  id: SectionId,
  parts: { before?: (stage: Stage) => void | Promise<void>; after?: (stage: Stage) => Promise<void> } = {},
): Scene {
  return {
    name,
    who: 'manager',
    set: async (stage) => {
      await parts.before?.(stage);
      await open(stage, id);
      await parts.after?.(stage);
    },
  };
}

/** Presses a key of the page that Tab comes to. */
const pressOn = async ({ page }: Stage, id: string) => page.getByTestId(id).press('Enter');

const people: readonly Scene[] = [
  section('office-operators', 'operators'),
  section('office-operator-refused', 'operators', {
    after: async (stage) => {
      await pressOn(stage, 'add-operator');
      await stage.seen('operator-dialog');
      const fields = [
        ['op-number', '0103'],
        ['op-name', '收银员丙'],
        ['op-password', 'k7-mountain'],
        ['op-second', '02'],
        ['op-second-pin', '222222'],
        ['op-reason', '新员工入职'],
      ] as const;
      for (const [id, text] of fields) await stage.page.getByTestId(id).fill(text);
      await stage.press('Enter');
      await stage.seen('fault');
    },
  }),
  section('office-operator-change', 'operators', {
    after: async (stage) => {
      await pressOn(stage, 'change-01');
      await stage.seen('operator-dialog');
    },
  }),
  section('office-own-secret', 'operators', {
    after: async (stage) => {
      await pressOn(stage, 'own-secrets');
      await stage.seen('own-old');
    },
  }),
  section('office-looks', 'looks'),
  {
    name: 'office-no-right',
    set: async ({ page, url, seen }) => {
      await page.goto(`${url}/office`);
      await seen('office-no-right');
    },
  },
  {
    name: 'office-take-over',
    who: 'manager',
    set: async ({ page, url, till, seen }) => {
      await till.openShift('01');
      await page.goto(url);
      await seen('shift-others');
    },
  },
];

const books: readonly Scene[] = [
  section('office-day', 'day'),
  section('office-day-empty', 'day', {
    before: ({ till }) => {
      const { dayPicture } = till;
      const none = { sales: 0, total: '0.00', hours: [], payers: [], refusals: [], cancelled: 0, unclear: 0 };
      const ends = { insured: 0, offline: 0, ownPay: 0 };
      Object.assign(till, {
        dayPicture: (day?: string) => ({ ...dayPicture(day), ...none, ends, durations: [] }),
      });
    },
  }),
  section('office-journal', 'journal'),
  section('office-journal-running', 'journal', {
    before: ({ till }) => {
      Object.assign(till, { verifyState: () => ({ running: true, done: 206, total: 412 }) });
    },
  }),
  section('office-journal-broken', 'journal', {
    before: ({ till }) => {
      const findings = [
        {
          kind: 'link-broken',
          sequence: 207,
          saleNumber: 'T01260302000041',
          zh: '第 207 条与前一条的摘要不符',
          en: 'Entry 207 does not carry the hash of the one before',
        },
        {
          kind: 'row-differs',
          saleNumber: 'T01260302000043',
          zh: '销售记录的金额与流水不同',
          en: 'The amount of the sale differs from its events',
        },
      ];
      const last = { ...journalVerifyExample, sound: false, findingCount: 2, findings, signedUpTo: 206 };
      Object.assign(till, { verifyState: () => ({ running: false, done: 0, total: 0, last }) });
    },
  }),
  section('office-policies', 'policies'),
  section('office-refused', 'looks', {
    after: async ({ page, press, seen }) => {
      await press('F6');
      await seen('policies');
      await page.route('**/api/office/looks*', (route) =>
        route.fulfill({ status: 409, json: { error: fault('store-disk-full') } }),
      );
      await press('F4');
      await seen('fault');
    },
  }),
];

const counter: readonly Scene[] = [
  section('office-catalogue', 'catalogue'),
  section('office-catalogue-trouble', 'catalogue', {
    before: ({ till }) => {
      till.catalogState = () => ({
        ...catalogStateExample,
        phase: 'waiting',
        lastFault: fault('agency-unreachable'),
        skipped: [
          {
            table: '1305',
            tableZh: '服务项目目录',
            fault: fault('agency-refused'),
            agencyText: '该目录未开放下载',
          },
        ],
        problems: [
          { table: '1301', line: 17, column: '规格', zh: '规格为空', en: 'No specification' },
          { table: '1312', line: 1204, zh: '日期不存在', en: 'There is no such day' },
        ],
      });
    },
  }),
  section('office-devices', 'devices', {
    before: async ({ till }) => {
      const [first, ...rest] = till.view().devices;
      if (first === undefined) throw new Error('the till has devices');
      till.control.set({
        devices: [{ ...first, state: 'fault', faults: 2, fault: fault('reader-lost') }, ...rest],
      });
    },
  }),
  section('office-queue-empty', 'queue'),
  section('office-queue', 'queue', {
    before: async ({ till }) => {
      await till.openShift('01');
      await till.addProduct('G0008');
      till.control.insertCard();
      till.control.cut();
      await till.quote();
      await till.pay({ mode: 'offline', acceptOfflineRisk: true, pin: '123456', tenders: [] });
      await till.nextSale();
    },
  }),
  section('office-settings', 'settings'),
  section('office-settings-wrong', 'settings', {
    after: async (stage) => {
      await pressOn(stage, 'check');
      await stage.seen('check-result');
    },
  }),
];

const setUp: readonly Scene[] = [
  {
    name: 'first-manager',
    who: 'guest',
    set: async ({ page, url, till, seen }) => {
      till.operators = () => [];
      await page.goto(`${url}/office`);
      await seen('first-manager');
    },
  },
  {
    name: 'first-manager-refused',
    who: 'guest',
    set: async ({ page, url, till, seen, press }) => {
      till.operators = () => [];
      Object.assign(till, { addFirstManager: async () => err(fault('setup-code-wrong')) });
      await page.goto(`${url}/office`);
      await seen('first-manager');
      const fields = [
        ['setup-code', '00000000'],
        ['setup-number', '0101'],
        ['setup-name', '店长甲'],
        ['setup-password', 'k7-mountain'],
        ['setup-again', 'k7-mountain'],
      ] as const;
      for (const [id, text] of fields) await page.getByTestId(id).fill(text);
      await press('Enter');
      await seen('fault');
    },
  },
  section('office-setup', 'setup'),
];

const english: readonly Scene[] = (['day', 'operators', 'setup'] as const).map((id) => ({
  name: `english-office-${id}`,
  who: 'manager',
  tongue: 'en',
  set: (stage) => open(stage, id, '?lang=en'),
}));

/** The back office (后台) and the set-up of a new shop, each state that people see. */
export const officeScenes: readonly Scene[] = [...people, ...books, ...counter, ...setUp, ...english];
