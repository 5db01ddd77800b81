import type { Till } from '#checkout/facade';
import { tillView } from '#checkout/view';
import { type Fault, fault } from '#core/fault';
import { err, ok, type Result } from '#core/result';
import type { Attempts } from '../attempts.ts';
import { productExample, tillExample } from '../examples.ts';
import { type Caller, defineRoute, plain, type Route } from '../route.ts';
import {
  addLineBody,
  lineBody,
  lineParams,
  openShiftBody,
  payBody,
  saleIdBody,
  scanBody,
  searchAnswer,
  searchQuery,
  useAccountBody,
} from '../schemas.ts';

const answer = { schema: tillView, example: tillExample };
const common = { access: 'caller', answer } as const;

/** The state of the till, its shift, card reader and holder. */
export function tillRoutes(till: Till, attempts: Attempts): Route[] {
  return [
    defineRoute({
      ...common,
      method: 'GET',
      url: '/api/till',
      tag: 'till',
      summary: 'The whole state of the till; /api/live pushes the same at each change',
      handle: () => ok({ value: till.view() }),
    }),
    defineRoute({
      ...common,
      method: 'POST',
      url: '/api/shift/open',
      tag: 'till',
      summary: 'Opens the shift (signs in at the agency)',
      description: "A page opens it for its session's operator; another program sends number and PIN.",
      body: openShiftBody,
      bodyExample: { number: '01', pin: '000000' },
      async handle({ body, caller, connection }) {
        const operator = await shiftOperator(till, attempts, body, caller, connection);
        return operator.ok ? plain(await till.openShift(operator.value)) : operator;
      },
    }),
    verb('POST', '/api/shift/close', 'till', 'Closes the shift', () => till.closeShift()),
    verb('POST', '/api/card/read', 'till', 'Reads the card in the reader again', () => till.readCard()),
    verb('DELETE', '/api/holder', 'till', 'Goes on without the holder (own pay)', () => till.dropHolder()),
    defineRoute({
      method: 'GET',
      url: '/api/search',
      tag: 'till',
      summary: 'Products by name, pinyin, initials or any code, best first',
      access: 'caller',
      query: searchQuery,
      answer: { schema: searchAnswer, example: { products: [productExample] } },
      handle: ({ query }) => ok({ value: { products: till.search(query.q, query.limit ?? 10) } }),
    }),
  ];
}

/** The sale on the screen, step by step. */
export function saleRoutes(till: Till): Route[] {
  return [...lineRoutes(till), ...stepRoutes(till)];
}

function lineRoutes(till: Till): Route[] {
  return [
    defineRoute({
      ...common,
      method: 'POST',
      url: '/api/scan',
      tag: 'sale',
      summary: 'A scanned or typed code: barcode, national code or shop code becomes a line',
      body: scanBody,
      bodyExample: { code: '6900000000014' },
      faults: ['catalog-product-unknown'],
      handle: async ({ body }) => plain(await till.scan(body.code)),
    }),
    defineRoute({
      ...common,
      method: 'POST',
      url: '/api/sale/lines',
      tag: 'sale',
      summary: 'Adds a product chosen from a search',
      body: addLineBody,
      bodyExample: { shopCode: 'G0001', quantity: '2' },
      handle: async ({ body }) => plain(await till.addProduct(body.shopCode, body.quantity, body.unit)),
    }),
    defineRoute({
      ...common,
      method: 'PATCH',
      url: '/api/sale/lines/:lineNumber',
      tag: 'sale',
      summary: 'Sets the quantity of a line, the doses of herbal pieces, or another product in its place',
      params: lineParams,
      body: lineBody,
      bodyExample: { quantity: '3' },
      faults: ['sale-doses-unfit', 'sale-pack-whole'],
      handle: async ({ params: { lineNumber }, body }) => {
        if ('shopCode' in body) return plain(await till.replaceProduct(lineNumber, body.shopCode));
        if ('doses' in body) return plain(await till.setDoses(lineNumber, body.doses, body.gramsPerDose));
        return plain(await till.setQuantity(lineNumber, body.quantity, body.unit));
      },
    }),
    defineRoute({
      ...common,
      method: 'DELETE',
      url: '/api/sale/lines/:lineNumber',
      tag: 'sale',
      summary: 'Removes a line',
      params: lineParams,
      handle: async ({ params }) => plain(await till.removeLine(params.lineNumber)),
    }),
  ];
}

function stepRoutes(till: Till): Route[] {
  return [
    defineRoute({
      ...common,
      method: 'POST',
      url: '/api/sale/recall',
      tag: 'sale',
      summary: 'Brings a held sale back',
      body: saleIdBody,
      bodyExample: { saleId: 's-000042' },
      handle: async ({ body }) => plain(await till.recall(body.saleId)),
    }),
    defineRoute({
      ...common,
      method: 'POST',
      url: '/api/account',
      tag: 'sale',
      summary: 'Whether the personal account shall pay',
      body: useAccountBody,
      bodyExample: { useAccount: true },
      handle: async ({ body }) => plain(await till.setUseAccount(body.useAccount)),
    }),
    defineRoute({
      ...common,
      method: 'POST',
      url: '/api/sale/pay',
      tag: 'sale',
      summary: 'Settles the quoted sale',
      description:
        'Answer 409 with retry class "ambiguous" means that the outcome is not known yet: never charge again, ' +
        'the till clears it up by itself; read GET /api/till or GET /api/sales/{saleId}.',
      body: payBody,
      bodyExample: {
        mode: 'insured',
        tenders: [{ kind: 'cash', amount: '10.00' }],
        expectedCash: '7.50',
      },
      faults: [
        'consent-missing',
        'sale-day-changed',
        'card-removed',
        'card-swapped',
        'agency-refused',
        'agency-no-answer',
      ],
      handle: async ({ body }) => plain(await till.pay(body)),
    }),
    verb('POST', '/api/sale/hold', 'sale', 'Puts the sale aside', () => till.hold()),
    verb('POST', '/api/sale/quote', 'sale', 'Asks who pays what', () => till.quote()),
    verb('POST', '/api/sale/back', 'sale', 'Back from the quote to selling', () => till.backToSelling()),
    verb('POST', '/api/sale/next', 'sale', 'Clears the screen for the next customer', () => till.nextSale()),
    verb('POST', '/api/sale/clear', 'sale', 'Empties the basket', () => till.clearSale()),
  ];
}

function verb(
  method: 'POST' | 'DELETE',
  url: string,
  tag: 'till' | 'sale',
  summary: string,
  act: () => ReturnType<Till['quote']>,
): Route {
  return defineRoute({ ...common, method, url, tag, summary, handle: async () => plain(await act()) });
}

async function shiftOperator(
  till: Till,
  attempts: Attempts,
  body: { number?: string; pin?: string },
  caller: Caller,
  connection: object,
): Promise<Result<string, Fault>> {
  if (body.number !== undefined && body.pin !== undefined) {
    const credential = { number: body.number, pin: body.pin };
    const proved = await attempts.run(body.number, connection, () => till.checkOperator(credential));
    return proved.ok ? ok(proved.value.number) : proved;
  }
  const halfGiven = body.number !== undefined || body.pin !== undefined;
  if (caller.kind === 'page' && !halfGiven) return ok(caller.session.operator.number);
  return err(fault('request-invalid', 'body: number and pin are needed'));
}
