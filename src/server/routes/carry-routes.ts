import type { Till } from '#checkout/facade';
import { ok } from '#core/result';
import type { Attempts } from '../attempts.ts';
import { answerOf, defineRoute, type Route } from '../route.ts';
import {
  carryAgainBody,
  carryAnswerBody,
  carryBackAnswer,
  carryFileAnswer,
  carryFileBody,
  carryFileExample,
  carryInAnswer,
  carryOutBody,
  carryStateAnswer,
  carryStateExample,
  carryTakeBackAnswer,
  carryTakeBackBody,
} from '../schemas-carry.ts';
import { withSecond } from '../second.ts';

const written = { schema: carryFileAnswer, example: carryFileExample };
const openFaults = [
  'carry-file-cut',
  'carry-file-altered',
  'carry-sender-unknown',
  'carry-other-institution',
  'carry-not-for-us',
  'carry-file-seen',
] as const;

/** Files that carry offline sales to a terminal with a link, and their outcomes back. */
export function carryRoutes(till: Till, attempts: Attempts): Route[] {
  return [...outRoutes(till), ...inRoutes(till), backRoute(till), takeBackRoute(till, attempts)];
}

function outRoutes(till: Till): Route[] {
  return [
    defineRoute({
      method: 'GET',
      url: '/api/carry',
      tag: 'operations',
      summary: 'Carry files that are out or came in, and the key that partners need',
      access: 'caller',
      answer: { schema: carryStateAnswer, example: carryStateExample },
      handle: () => {
        const { own, out, in: taken } = till.carryState();
        return ok({ value: { own, out: [...out], in: [...taken] } });
      },
    }),
    defineRoute({
      method: 'POST',
      url: '/api/carry/out',
      tag: 'operations',
      summary:
        'Writes waiting offline sales into one encrypted, signed file for another terminal of the shop',
      access: 'caller',
      body: carryOutBody,
      bodyExample: { to: '/media/usb' },
      answer: written,
      faults: [
        'carry-no-partner',
        'carry-nothing',
        'carry-write-failed',
        'carry-maybe-written',
        'restore-hold',
      ],
      handle: ({ body: { to, terminal } }) => answerOf(till.carryOut(to, terminal)),
    }),
    defineRoute({
      method: 'POST',
      url: '/api/carry/again',
      tag: 'operations',
      summary: 'Writes a file that is out once more: the medium was lost or pulled too soon',
      access: 'caller',
      body: carryAgainBody,
      bodyExample: { to: '/media/usb' },
      answer: written,
      faults: ['carry-file-unknown', 'carry-expired', 'carry-write-failed', 'carry-maybe-written'],
      handle: ({ body: { to, number } }) => answerOf(till.carryAgain(to, number)),
    }),
  ];
}

function inRoutes(till: Till): Route[] {
  return [
    defineRoute({
      method: 'POST',
      url: '/api/carry/in',
      tag: 'operations',
      summary: 'Imports a file of offline sales once; this till uploads them, beside its own books',
      access: 'caller',
      body: carryFileBody,
      bodyExample: { file: carryFileExample.file },
      answer: {
        schema: carryInAnswer,
        example: {
          number: '0001-7F3A',
          terminal: '01',
          imported: 12,
          known: 0,
          until: '2026-03-09 10:00:00',
        },
      },
      faults: [
        ...openFaults,
        'carry-expired',
        'carry-clock-wrong',
        'carry-sale-differs',
        'carry-before-restore',
        'carry-book-lost',
      ],
      handle: ({ body: { file } }) => answerOf(till.carryIn(file)),
    }),
    defineRoute({
      method: 'POST',
      url: '/api/carry/answer',
      tag: 'operations',
      summary: 'Writes what became of the carried sales, for the terminal that sold them',
      access: 'caller',
      body: carryAnswerBody,
      bodyExample: { to: '/media/usb' },
      answer: written,
      faults: ['carry-nothing', 'carry-no-partner', 'carry-write-failed', 'carry-maybe-written'],
      handle({ body: { to, terminal, giveBack } }) {
        const wish = {
          ...(terminal === undefined ? {} : { terminal }),
          ...(giveBack === undefined ? {} : { giveBack }),
        };
        return answerOf(till.carryAnswer(to, wish));
      },
    }),
  ];
}

function backRoute(till: Till): Route {
  return defineRoute({
    method: 'POST',
    url: '/api/carry/back',
    tag: 'operations',
    summary: 'Applies an answer file once: what became of the sales that were carried out',
    access: 'caller',
    body: carryFileBody,
    bodyExample: { file: '/media/usb/guitai-P99010000001-02-01-0001-11C0.carry-answer' },
    answer: {
      schema: carryBackAnswer,
      example: { accepted: 11, adjusted: 0, rejected: 1, returned: 0, waiting: 0, ignored: 0 },
    },
    faults: [...openFaults, 'carry-result-wrong'],
    handle: ({ body: { file } }) => answerOf(till.carryBack(file)),
  });
}

function takeBackRoute(till: Till, attempts: Attempts): Route {
  return defineRoute({
    method: 'POST',
    url: '/api/carry/take-back',
    tag: 'operations',
    summary: 'Takes the sales of a file back whose answer never came; by two people, after its time',
    description:
      'Before any of them is uploaded, the agency is asked (3202) what another terminal has booked.',
    access: 'caller',
    body: carryTakeBackBody,
    bodyExample: { number: '0001-7F3A', second: { number: '0900', pin: '900900' }, reason: 'U盘丢失' },
    answer: { schema: carryTakeBackAnswer, example: { sales: 12 } },
    faults: ['carry-file-unknown', 'carry-still-out', 'reason-missing'],
    handle: ({ body: { number, second, reason }, caller, connection }) =>
      answerOf(
        withSecond(till, attempts, second, { caller, connection }, () =>
          till.carryTakeBack(number, second, reason),
        ),
      ),
  });
}
