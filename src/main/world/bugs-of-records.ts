import type { Posting } from '#core/domain/journal';
import { zeroMoney } from '#core/money';
import type { TillStore, UploadState } from '#store/port';
import { committing, type DeliberateBug } from './bug.ts';
import { intercept } from './store.ts';

/** Bugs of what is remembered: chain, restart, slips, queue, cancellations, cards. */
export const bugsOfRecords: readonly DeliberateBug[] = [
  {
    name: 'hash-left-out',
    words: 'a journal entry does not build on the one before / 流水哈希断链',
    breaks: ['P8'],
    make: () => ({
      records: (store) =>
        intercept(store, (name, call) => {
          const answer = call();
          if (name !== 'journal') return answer;
          const entries = answer as ReturnType<TillStore['journal']>;
          return entries.map((entry) => ({ ...entry, previousHash: '' }));
        }),
    }),
  },
  {
    name: 'reversal-forgotten',
    words: 'unanswered messages are forgotten at the restart / 重启后忘记冲正',
    breaks: ['P3', 'P2', 'P1', 'P7'],
    make: () => {
      let starts = 0;
      return {
        store: (store) => {
          starts += 1;
          const isAgain = starts > 1;
          return intercept(store, (name, call, args) => {
            if (!isAgain) return call();
            if (name === 'messagesInState') return [];
            const isOpenWork = name === 'salesInState' && (args[0] as readonly string[]).includes('suspense');
            return isOpenWork ? [] : call();
          });
        },
      };
    },
  },
  {
    name: 'slip-printed-again',
    words: 'a slip whose end is unclear is printed again as an original / 重打不标补打',
    breaks: ['P2'],
    make: () => ({
      store: (store) =>
        intercept(store, (name, call, args) => {
          const [slipId, was, to, ...rest] = args;
          return name === 'setSlip' && to === 'unclear' ? call(slipId, was, 'owed', ...rest) : call();
        }),
    }),
  },
  {
    name: 'accepted-before-the-answer',
    words: 'an upload counts as accepted when it is sent / 未等回复即标已上传',
    breaks: ['P1', 'P7'],
    make: () => ({
      store: (store) =>
        committing(store, (change, commit) => {
          const { uploads = [], ...rest } = change;
          const isSending = uploads.some(({ to }) => to === 'sending');
          const was: readonly UploadState[] = ['accepted', 'sending', 'queued', 'ambiguous'];
          if (isSending)
            return commit({ ...rest, uploads: uploads.map((each) => ({ ...each, to: 'accepted' })) });
          const isLate = uploads.some(({ to }) => to === 'queued' || to === 'ambiguous');
          return commit(isLate ? rest : { ...rest, uploads: uploads.map((each) => ({ ...each, was })) });
        }),
    }),
  },
  {
    name: 'offline-money-spent-twice',
    words: 'what a card has spent offline does not lower its known balance / 脱机后余额未扣减',
    breaks: ['P6'],
    make: () => ({
      store: (store) =>
        intercept(store, (name, call, args) =>
          name === 'offlineAtRisk' && args[0] !== undefined ? { amount: zeroMoney, count: 0 } : call(),
        ),
    }),
  },
  {
    name: 'message-id-used-again',
    words: 'the counter of message ids begins anew at every start / 重启后报文号重复',
    breaks: ['P2', 'P7'],
    make: () => ({
      store: (store) => {
        let count = 0;
        return intercept(store, (name, call, args) => {
          if (name !== 'nextMessageId') return call();
          count += 1;
          return `${String(args[0])}20260302090000${String(count).padStart(4, '0')}`;
        });
      },
    }),
  },
  {
    name: 'cancel-forgets-the-account',
    words: 'a cancelled sale keeps the receivable of the account / 退费漏退账户应收',
    breaks: ['P4'],
    make: () => ({
      store: (store) =>
        committing(store, (change, commit) => {
          const forget = (postings: readonly Posting[]): readonly Posting[] => {
            const kept = postings.filter(({ account }) => account !== 'receivable:account');
            const left = postings.find(({ account }) => account === 'receivable:account');
            return left === undefined ? postings : [...kept, { ...left, account: 'revenue' }];
          };
          const events = change.events.map((event) =>
            event.kind === 'cancelled' && event.postings !== undefined
              ? { ...event, postings: forget(event.postings) }
              : event,
          );
          return commit({ ...change, events });
        }),
    }),
  },
  {
    name: 'poison-stops-the-queue',
    words: 'nothing is uploaded while a refused record lies in front / 坏记录堵住队列',
    breaks: ['P7', 'P1'],
    make: () => ({
      store: (store) =>
        intercept(store, (name, call, args) => {
          const states = args[0] as readonly string[];
          const isQueue = name === 'uploads' && states.includes('queued') && !states.includes('accepted');
          return isQueue && store.uploads(['rejected']).length > 0 ? [] : call();
        }),
    }),
  },
  {
    name: 'second-charge-kept',
    words: 'the detail is compared and a second charge in it is not given back / 对账不退重复扣款',
    breaks: ['P2', 'P1', 'P3', 'P4'],
    make: () => ({
      agency: (agency) =>
        intercept(agency, (name, call) =>
          name === 'reconcileDetail'
            ? Promise.resolve({ kind: 'success', value: [], answer: '', warnings: [] })
            : call(),
        ),
    }),
  },
  {
    name: 'card-not-looked-at-again',
    words: 'the card at commit is not compared with the card that was read / 结算前不核对卡片',
    breaks: ['P5'],
    make: () => ({
      cardDesk: (desk) =>
        intercept(desk, (name, call, args) => {
          if (name === 'confirmPresence') return Promise.resolve({ ok: true, value: undefined });
          if (name !== 'onEvent') return call();
          let isRead = false;
          const [listener] = args as Parameters<typeof desk.onEvent>;
          return call((event: Parameters<typeof listener>[0]) => {
            if (!isRead) listener(event);
            isRead ||= event.kind === 'card-inserted';
          });
        }),
    }),
  },
];
