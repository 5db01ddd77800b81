import { fault } from '#core/fault';
import { err, ok } from '#core/result';
import type { TrainingShop } from '#core/training';
import { trainingExample } from '../examples.ts';
import { defineRoute, type Route } from '../route.ts';
import {
  agencyFaultBody,
  certificateBody,
  insertCardBody,
  padKeyBody,
  padPlugBody,
  printerBody,
  trainingAnswer,
} from '../schemas.ts';

/** Controls of the simulated devices and agency; these routes exist in the training shop only. */
export function trainingRoutes(training: TrainingShop): Route[] {
  const common = {
    tag: 'training',
    access: 'caller',
    answer: { schema: trainingAnswer, example: trainingExample },
  } as const;
  const state = () => ok({ value: training.state() });
  return [
    defineRoute({
      ...common,
      method: 'GET',
      url: '/api/training',
      summary: 'State of the training shop',
      handle: state,
    }),
    defineRoute({
      ...common,
      method: 'POST',
      url: '/api/training/card',
      summary: 'Puts a training card into the reader, or pulls it with null',
      body: insertCardBody,
      bodyExample: { cardId: 'card-a' },
      faults: ['record-unknown'],
      async handle({ body }) {
        if (body.cardId === null) {
          await training.pullCard();
          return state();
        }
        const known = training.state().cards.some((card) => card.id === body.cardId);
        if (!known) return err(fault('record-unknown', 'no such training card'));
        await training.insertCard(body.cardId);
        return state();
      },
    }),
    defineRoute({
      ...common,
      method: 'POST',
      url: '/api/training/agency-fault',
      summary: 'Sets what goes wrong at the simulated agency',
      body: agencyFaultBody,
      bodyExample: { fault: 'lose-reply' },
      async handle({ body }) {
        await training.setAgencyFault(body.fault);
        return state();
      },
    }),
    defineRoute({
      ...common,
      method: 'POST',
      url: '/api/training/printer',
      summary: 'Sets what is wrong with the simulated printer',
      body: printerBody,
      bodyExample: { paperOut: true },
      async handle({ body }) {
        await training.setPrinter(body);
        return state();
      },
    }),
    ...customerRoutes(training),
  ];
}

/** What the customer does: PIN on the virtual pad, certificate on the telephone. */
function customerRoutes(training: TrainingShop): Route[] {
  const common = {
    tag: 'training',
    access: 'caller',
    answer: { schema: trainingAnswer, example: trainingExample },
    method: 'POST',
  } as const;
  const after = async (done: Promise<void>) => {
    await done;
    return ok({ value: training.state() });
  };
  return [
    defineRoute({
      ...common,
      url: '/api/training/pin-pad/key',
      summary: 'Presses a key of the virtual PIN pad',
      body: padKeyBody,
      bodyExample: { key: 'enter' },
      handle: ({ body }) => after(training.pressPad(body.key)),
    }),
    defineRoute({
      ...common,
      url: '/api/training/pin-pad/plug',
      summary: 'Pulls the plug of the virtual PIN pad, or puts it back',
      body: padPlugBody,
      bodyExample: { unplugged: true },
      handle: ({ body }) => after(training.setPinPad(body)),
    }),
    defineRoute({
      ...common,
      url: '/api/training/certificate',
      summary: 'Shows the electronic certificate of a card holder as a QR text, good for a minute',
      body: certificateBody,
      bodyExample: { cardId: 'card-a' },
      handle: ({ body }) => after(training.showCertificate(body.cardId)),
    }),
  ];
}
