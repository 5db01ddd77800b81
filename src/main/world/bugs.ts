import { fault } from '#core/fault';
import { zeroMoney } from '#core/money';
import type { Change } from '#store/port';
import { committing, type DeliberateBug } from './bug.ts';
import { bugsOfRecords } from './bugs-of-records.ts';
import type { DiskImage } from './disk.ts';
import type { Bugged } from './shop.ts';
import { intercept } from './store.ts';

/** Bugs of writing, sending and counting money. */
const bugsOfMoney: readonly DeliberateBug[] = [
  {
    name: 'skip-fsync',
    words: 'a commit answers before its bytes are on the disk / 提交未落盘',
    breaks: ['P1', 'P8', 'P2', 'P3'],
    make: () => {
      // What the disk really held some writes ago.
      let held: DiskImage | undefined;
      let writes = 0;
      return {
        onWrite: (read) => {
          writes += 1;
          if (writes % 7 === 0) held = read();
        },
        afterPowerCut: (image) => {
          const lost = held ?? image;
          held = undefined;
          return lost;
        },
      };
    },
  },
  {
    name: 'outcome-before-intent',
    words: 'the message leaves before its intent is on the disk / 先发后记',
    breaks: ['P2'],
    make: () => {
      let waiting: (() => void) | undefined;
      return {
        store: (store) =>
          intercept(store, (name, call, args) => {
            const change = args[0] as Change;
            const isIntent =
              name === 'commit' && change.newMessages !== undefined && change.uploads === undefined;
            if (isIntent && change.sale?.was === 'open') {
              waiting = () => void call();
              return [];
            }
            if (name === 'commit') {
              waiting?.();
              waiting = undefined;
            }
            return call();
          }),
      };
    },
  },
  {
    name: 'new-sale-number',
    words: 'a sale is settled again under a new number / 重试换新流水号',
    breaks: ['P2', 'P1', 'P3'],
    make: () => {
      const asked = new Set<string>();
      return {
        agency: (agency) =>
          intercept(agency, (name, call, args) => {
            if (name !== 'prepareSettlement') return call();
            const [request, context] = args as Parameters<typeof agency.prepareSettlement>;
            const isAgain = asked.has(request.saleNumber);
            asked.add(request.saleNumber);
            return isAgain ? call({ ...request, saleNumber: `${request.saleNumber}9` }, context) : call();
          }),
      };
    },
  },
  {
    name: 'time-out-as-failure',
    words: 'no answer counts as a refusal / 超时当失败',
    breaks: ['P3'],
    make: () => ({
      agency: (agency) =>
        intercept(agency, (name, call) => {
          if (name !== 'sendSettlement') return call();
          return (call() as ReturnType<typeof agency.sendSettlement>).then((outcome) =>
            outcome.kind === 'unknown'
              ? {
                  kind: 'refused',
                  fault: fault('agency-refused', 'time-out'),
                  agencyText: '超时',
                  answer: '',
                }
              : outcome,
          );
        }),
    }),
  },
  {
    name: 'reply-posted-twice',
    words: 'a reply that came twice is posted twice / 回复重复记账',
    breaks: ['P4'],
    make: () => ({
      store: (store) =>
        committing(store, (change, commit) => {
          const entries = commit();
          const [event] = change.events;
          if (change.settled !== undefined && event !== undefined) commit({ events: [event] });
          return entries;
        }),
    }),
  },
  {
    name: 'budget-on-screen-only',
    words: 'the offline budget is checked against what the screen showed earlier / 额度只在屏幕上检查',
    breaks: ['P6'],
    make: () => ({
      store: (store) =>
        intercept(store, (name, call, args) => {
          if (name === 'offlineAtRisk') return { amount: zeroMoney, count: 0 };
          if (name !== 'commit') return call();
          const { budget: _unchecked, ...change } = args[0] as Change;
          return call(change);
        }),
    }),
  },
];

export const bugs: readonly DeliberateBug[] = [...bugsOfMoney, ...bugsOfRecords];

export const bugNames: readonly string[] = bugs.map(({ name }) => name);

/** The maker of a bug; without a name a world as it should be. */
export function bugNamed(name: string | undefined): () => Bugged {
  return bugs.find((bug) => bug.name === name)?.make ?? (() => ({}));
}
