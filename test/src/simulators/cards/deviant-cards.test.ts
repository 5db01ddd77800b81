import { afterEach, describe, expect, it } from 'vitest';
import { ok } from '#core/result';
import { createCardDesk } from '#drivers/card-reader/desk';
import { FakeCardReader } from '#drivers/card-reader/fake';
import type { CardAuthenticator } from '#drivers/card-reader/port';
import { authenticationData, type KeyedAlgorithm } from '#simulators/cards/card-keys';
import { deviantCards } from '#simulators/cards/deviant-cards';
import { testRootKeys } from '#simulators/cards/test-root-keys';
import { send, sendAll } from './purchase-steps.ts';

const SLOT = 'Fake Reader 00 00';
const SELECT_SSSE = '00A404000F7378312E73682EC9E7BBE1B1A3D5CF';
const cleanups: (() => Promise<void>)[] = [];

afterEach(async () => {
  for (const clean of cleanups.splice(0)) await clean();
});

/** An agency that holds the root keys. */
const agency: CardAuthenticator = async (asked) => {
  const { internalFactor, internalRaw, externalFactor, externalRaw } = asked;
  const algorithm: KeyedAlgorithm = asked.algorithm === 'sm4' ? 'sm4' : 'tdes';
  return ok({
    internalData: authenticationData(algorithm, testRootKeys.IRK, asked, internalFactor, internalRaw),
    externalData: authenticationData(algorithm, testRootKeys.RKSSSE, asked, externalFactor, externalRaw),
  });
};

function card(id: string) {
  const found = deviantCards.find((one) => one.id === id)?.make();
  if (found === undefined) throw new Error(`no deviant card ${id}`);
  found.powerOn();
  return found;
}

describe('every deviant card', () => {
  it.each(deviantCards.map((one) => [one.id, one] as const))(
    '%s is read as its list says, or refused with a code',
    async (_, { make, reading }) => {
      const port = new FakeCardReader({ readers: [SLOT] });
      cleanups.push(() => port.stop());
      await port.start();
      port.insert(SLOT, make());
      const desk = createCardDesk(port, { useReaders: ['00 00'] });
      const read = await desk.read(agency, { today: '2026-01-15', authenticate: 'required' });
      if (reading === 'unusable') {
        expect(read.ok ? 'read' : read.error.code).toBe('card-data-invalid');
        return;
      }
      if (!read.ok) throw new Error(`${read.error.code} ${read.error.detail}`);
      const { issuer, holder, authenticatedBy } = read.value.identity;
      const { cardNumber, region, version, generation, issueDate, expiryDate } = issuer;
      expect(authenticatedBy).toBe('agency');
      expect({
        cardNumber,
        region,
        version,
        generation,
        name: holder?.name,
        socialSecurityNumber: holder?.socialSecurityNumber,
        ...(issueDate === undefined ? {} : { issueDate }),
        ...(expiryDate === undefined ? {} : { expiryDate }),
      }).toEqual(reading);
    },
  );

  it('has an id of its own and differs from the sound card that it is made of', () => {
    expect(new Set(deviantCards.map(({ id }) => id)).size).toBe(deviantCards.length);
  });
});

describe('a deviant card makes a naive reader fail', () => {
  it('by selects that find nothing', () => {
    expect(sendAll(card('no-master-file-by-number'), '00A40000023F00', '00A4000002EF05')).toEqual([
      '6A82',
      '9000',
    ]);
    const none = card('no-select-by-number');
    expect(sendAll(none, '00A40000023F00', '00A4000002DF04', '00A4000002EF05', '00A4000000')).toEqual(
      Array(4).fill('6A82'),
    );
    expect(sendAll(none, SELECT_SSSE, '00A4020002EF05', '00A4040006D15600000503')).toEqual([
      '6118',
      '9000',
      '610A',
    ]);
    expect(sendAll(card('below-bank-environment'), '00A40000023F00', '00C0000012').at(1)).toBe(
      '6F10840E315041592E5359532E44444630319000',
    );
  });

  it('by records where the standard order has others', () => {
    expect(send(card('record-order'), '00B2072C12')).toMatch(/^0110/);
    expect(send(card('no-name-extension'), '00B24E3016')).toBe('6A83');
    expect(send(card('no-name-extension'), '00B2033403')).toBe('0A01319000');
  });

  it('by lengths that are not the standard ones', () => {
    expect(sendAll(card('short-records'), '00B2093020', '00B2093008')).toEqual([
      '6C08',
      expect.stringMatching(/^0906.{12}9000$/),
    ]);
    expect(sendAll(card('long-card-number'), '00B207280B', '00B207280E').at(0)).toBe('6C0E');
  });

  it('by values that are no dates, no version, no text of GBK', () => {
    const quirk = card('ascii-dates');
    expect(sendAll(quirk, '00B2052806', '00B2062806')).toEqual(['0504323031329000', '0604323032329000']);
    expect(send(card('version-cut'), '00B2032806')).toBe('0304322E30009000');
    expect(send(card('version-empty'), '00B2032806')).toBe('0304000000009000');
    expect(send(card('no-authentication-code'), '00B2012812')).toMatch(/FFFFFFFF9000$/);
    expect(send(card('region-99'), '00B2012812')).toMatch(/^0110990199/);
    expect(send(card('four-byte-name'), '00B2093020')).toMatch(
      /^091ECDF5[0-9A-F]{2}3[0-9][0-9A-F]{2}3[0-9]00/,
    );
  });

  it('by medical items that mean hospitals', () => {
    const old = card('never-rewritten');
    sendAll(old, '00A4000002DF04', '0020000003123456');
    expect(send(old, '00B2842848')).toMatch(/^8446[0-9A-F]+00009000$/);
    expect(send(old, '00B2842848')).not.toContain('990100');
  });

  it('by another way of transport', () => {
    expect(send(card('contactless'), SELECT_SSSE)).toMatch(/^6F1C.*9000$/);
    expect(send(card('block-protocol'), SELECT_SSSE)).toMatch(/^6F1C.*9000$/);
    expect(send(card('fetching-library'), '00B2012800')).toMatch(/^0110.*9000$/);
  });
});
