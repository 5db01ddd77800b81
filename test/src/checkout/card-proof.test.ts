import { afterEach, describe, expect, test } from 'vitest';
import { cardIdOf } from '#simulators/cards/card-facts';
import { VirtualPsam } from '#simulators/cards/psam';
import { makeTrainingCard } from '#simulators/cards/training-cards';
import { trainingFacts } from '#simulators/cards/training-facts';
import { trainingPsam } from '#simulators/cards/training-psam';
import { openShop, type Shop } from '../../helpers/with-shop.ts';

const MODULE = 'Slot 00 01';
let shop: Shop;

afterEach(async () => {
  await shop.end();
});

const provedBy = () => shop.till.view().holder.authenticatedBy;

/** Lets another module, or none, be seen in its slot. */
async function moduleIs(kind: 'ready' | 'missing', act: () => void): Promise<void> {
  act();
  const state = kind === 'ready' ? 'ready' : 'fault';
  await shop.until(`module ${kind}`, ({ devices }) =>
    devices.some((device) => device.kind === 'security-module' && device.state === state),
  );
}

describe('who proves a card', () => {
  test('the module where it comes first; the agency when it is pulled or lacks the key, and back again', async () => {
    shop = await openShop({ proveWith: 'module' });
    await shop.insert('C');
    expect(provedBy()).toBe('security-module');
    expect(shop.till.view().holder).toMatchObject({ name: '张三', cardUse: 'online' });
    shop.pull();
    await moduleIs('missing', () => shop.reader.pull(MODULE));
    await shop.insert('C');
    expect(provedBy()).toBe('agency');
    shop.pull();
    await moduleIs('ready', () =>
      shop.reader.insert(MODULE, new VirtualPsam(trainingPsam({ without: ['IRK'] }))),
    );
    await shop.insert('C');
    expect(provedBy()).toBe('agency');
    shop.pull();
    await moduleIs('missing', () => shop.reader.pull(MODULE));
    await moduleIs('ready', () => shop.reader.insert(MODULE, new VirtualPsam(trainingPsam())));
    await shop.insert('C');
    expect(provedBy()).toBe('security-module');
  });

  test('the agency by default; the module when the agency cannot be asked', async () => {
    shop = await openShop();
    await shop.insert('C');
    expect(provedBy()).toBe('agency');
    expect(shop.till.view().holder.cardUse).toBeUndefined();
    shop.pull();
    await shop.till.forceOffline(true);
    await shop.insert('C');
    expect(provedBy()).toBe('security-module');
    expect(shop.till.view().holder).toMatchObject({ source: 'cache', cardUse: 'online' });
  });

  test('a card that the agency proved is proved again by the module when the link is lost before the quote', async () => {
    shop = await openShop();
    await shop.insert('A');
    expect(provedBy()).toBe('agency');
    await shop.till.scan('6909901000017');
    await shop.till.forceOffline(true);
    const quoted = await shop.till.quote();
    expect(quoted.ok ? quoted.value.sale.mode : quoted.error.code).toBe('offline');
    expect(provedBy()).toBe('security-module');
  });

  test('a forged card is refused by either', async () => {
    shop = await openShop({ proveWith: 'module' });
    await shop.insert('forged');
    expect(shop.till.view().holder).toMatchObject({
      state: 'refused',
      fault: { code: 'card-authentication-failed' },
    });
  });
});

describe('the blacklist', () => {
  test('comes with the shift, and a card on it is refused online and offline', async () => {
    shop = await openShop();
    await shop.insert('A');
    expect(shop.till.view().holder.state).toBe('identified');
    shop.pull();
    const before = shop.store.blacklist()?.version;
    shop.agency.control.blacklistAdd(cardIdOf(trainingFacts.a));
    await shop.till.syncNow();
    await shop.until('the newer list', () => shop.store.blacklist()?.version !== before);
    await shop.insert('A');
    expect(shop.till.view().holder.fault?.code).toBe('card-blacklisted');
    shop.pull();
    await shop.till.forceOffline(true);
    await shop.insert('A');
    expect(shop.till.view().holder.fault?.code).toBe('card-blacklisted');
    shop.pull();
    await shop.insert('C');
    expect(shop.till.view().holder.state).toBe('identified');
  });

  test('an old one ends offline deduction with its version and age', async () => {
    shop = await openShop();
    await shop.insert('A');
    shop.pull();
    const dayMs = 86_400_000;
    shop.store.setSetting('blacklist.confirmed-at-ms', '0');
    const list = shop.store.blacklist();
    if (list === undefined) throw new Error('the list came with the shift');
    await shop.till.forceOffline(true);
    shop.store.setBlacklist(
      { ...list, version: `${list.version}0`, asOfMs: Date.now() - 4 * dayMs },
      Date.now(),
    );
    await shop.insert('A');
    await shop.till.scan('6909901000017');
    const quoted = await shop.till.quote();
    expect(quoted.ok ? '' : quoted.error.code).toBe('offline-blacklist-too-old');
    expect(shop.till.view().offline).toMatchObject({ allowed: false, blacklistAgeHours: 96 });
    const row = (await shop.till.doctor()).find(({ part }) => part === 'blacklist');
    expect(row).toMatchObject({ state: 'warning', fault: { code: 'offline-blacklist-too-old' } });
  });
});

describe("the terminal's key", () => {
  test('is enrolled, replaced in the name of the old one, and revoked by two people', async () => {
    shop = await openShop();
    const [first] = shop.till.terminalKeys();
    expect(first?.state).toBe('enrolled');
    const again = await shop.till.enrolKey('whatever');
    expect(again.ok ? '' : again.error.code).toBe('terminal-key-enrolled');

    const rotated = await shop.till.rotateKey();
    expect(rotated.ok ? rotated.value.state : rotated.error.code).toBe('enrolled');
    const states = shop.till.terminalKeys().map(({ state }) => state);
    expect(states.toSorted()).toEqual(['enrolled', 'retired']);
    const atAgency = shop.agency.control.terminalKeys().map(({ keyId, state }) => [keyId, state]);
    expect(atAgency).toContainEqual([first?.keyId, 'retired']);
    expect(atAgency).toContainEqual([rotated.ok ? rotated.value.keyId : '', 'enrolled']);

    const alone = await shop.till.revokeKey({ number: '0101', pin: '1234' }, '密钥可能泄露');
    expect(alone.ok ? '' : alone.error.code).toBe('operator-second-needed');
    const revoked = await shop.till.revokeKey({ number: '0102', pin: '5678' }, '密钥可能泄露');
    expect(revoked.ok ? revoked.value.state : revoked.error.code).toBe('revoked');
    const events = shop.store.journal(1, 100).filter(({ kind }) => kind === 'terminal-key');
    expect(events.map(({ facts }) => JSON.parse(facts).action)).toEqual(['enrol', 'rotate', 'revoke']);

    await shop.insert('A');
    shop.pull();
    await shop.till.forceOffline(true);
    await shop.insert('A');
    expect(shop.till.view().offline?.allowed).toBe(false);
  });

  test('that may be known to others signs nothing more, also when the agency cannot be told', async () => {
    shop = await openShop();
    await shop.till.forceOffline(true);
    const revoked = await shop.till.revokeKey({ number: '0102', pin: '5678' }, '密钥可能泄露');
    expect(revoked.ok ? '' : revoked.error.code).toBe('agency-unreachable');
    expect(shop.till.terminalKeys()[0]?.state).toBe('revoked');
  });
});

describe("the card's PIN", () => {
  test('is changed by the holder on the keyboard, and the old one is wrong from then on', async () => {
    shop = await openShop();
    const card = makeTrainingCard('A');
    await shop.insert(card);
    const wrong = await shop.till.changeCardPin({ old: '000000', replacement: '654321' });
    expect(wrong.ok ? '' : [wrong.error.code, wrong.error.detail].join()).toMatch(/card-pin-wrong.*5/);
    const changed = await shop.till.changeCardPin({ old: '123456', replacement: '654321' });
    expect(changed.ok ? '' : changed.error.code).toBe('');
    const again = await shop.till.changeCardPin({ old: '123456', replacement: '111111' });
    expect(again.ok ? '' : again.error.code).toBe('card-pin-wrong');
    expect(shop.store.journal(1, 100).filter(({ kind }) => kind === 'card-pin-changed')).toHaveLength(1);
  });

  test('is asked for three times on the pad, and two different new ones change nothing', async () => {
    shop = await openShop({ pin: 'pad' });
    await shop.insert('A');
    const typed = await shop.till.changeCardPin({ old: '123456', replacement: '654321' });
    expect(typed.ok ? '' : typed.error.code).toBe('pin-not-by-keyboard');
    expect(await changeOnPad('123456', '654321', '654322')).toBe('pin-again-differs');
    expect(await changeOnPad('123456', '654321', '654321')).toBe('');
  });

  test('locked by wrong tries is unblocked by two people with the module', async () => {
    shop = await openShop();
    await shop.insert('pin-locked');
    const second = { number: '0102', pin: '5678' };
    const short = await shop.till.unblockCardPin(second, '忘');
    expect(short.ok ? '' : short.error.code).toBe('reason-missing');
    const alone = await shop.till.unblockCardPin({ number: '0101', pin: '1234' }, '持卡人忘记密码');
    expect(alone.ok ? '' : alone.error.code).toBe('operator-second-needed');
    const unblocked = await shop.till.unblockCardPin(second, '持卡人忘记密码');
    expect(unblocked.ok ? '' : unblocked.error.code).toBe('');
    const changed = await shop.till.changeCardPin({ old: '123456', replacement: '654321' });
    expect(changed.ok ? '' : changed.error.code).toBe('');
  });
});

async function changeOnPad(...entries: readonly string[]): Promise<string> {
  const changing = shop.till.changeCardPin();
  for (const digits of entries) {
    await shop.until('the pad asks', () => shop.pinPad.asking);
    for (const digit of digits) shop.pinPad.press(digit as `${number}`);
    shop.pinPad.press('enter');
    await Promise.resolve();
  }
  const changed = await changing;
  return changed.ok ? '' : changed.error.code;
}
