import { fault } from '#core/fault';
import { err, ok } from '#core/result';
import type { TrainingShop } from '#core/training';
import { trainingExample } from '../examples.ts';
import { defineRoute, type Route } from '../route.ts';
import { agencyFaultBody, insertCardBody, printerBody, trainingAnswer } from '../schemas.ts';

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
  ];
}
