import { afterEach, beforeEach, expect, test } from 'vitest';
import { systemClock } from '#core/clock';
import { openShop, type Shop } from '../../helpers/with-shop.ts';

let shop: Shop;
beforeEach(async () => {
  shop = await openShop({ download: true });
  await shop.till.downloadCatalog();
  await until(
    () => shop.till.catalogState().version !== undefined && shop.till.catalogState().phase === 'idle',
  );
}, 40_000);
afterEach(() => shop.end());

/** Mappings of this shop that the agency holds. */
function atAgency() {
  const { institution_code: institution } = shop.config.shop;
  return shop.agency.control.catalogue.mappings(institution).filter(({ valid }) => valid);
}

/** At the latest twenty seconds: a builder's process starts slowly on a busy machine. */
async function until(holds: () => boolean): Promise<void> {
  const endMs = systemClock.monotonicMs() + 20_000;
  while (!holds()) {
    if (systemClock.monotonicMs() > endMs) throw new Error(JSON.stringify(shop.till.catalogState()));
    await new Promise<void>((resolve) => {
      systemClock.after(10, resolve);
    });
  }
}

test('what is sure is confirmed and uploaded, what has no code waits for a person, and the agency has it then', async () => {
  const matched = await shop.till.matchItems();
  expect(matched.ok).toBe(true);
  if (!matched.ok) return;
  expect(matched.value.confirmed).toBeGreaterThan(50);
  expect(matched.value.proposed).toBeGreaterThan(0);
  expect(matched.value.looked).toBe(matched.value.confirmed + matched.value.proposed);
  const confirmed = shop.store.mappingCounts().get('confirmed') ?? 0;
  const uploaded = await shop.till.uploadMappings();
  expect(uploaded).toEqual({ ok: true, value: { uploaded: confirmed, refused: 0, left: 0 } });
  expect(atAgency()).toHaveLength(confirmed);
  expect(shop.agency.control.violations()).toEqual([]);
  const again = await shop.till.matchItems();
  expect(again).toMatchObject({ ok: true, value: { confirmed: 0, proposed: matched.value.proposed } });
});

test('a person takes a code or says that there is none; a code that the agency does not hold is refused', async () => {
  await shop.till.matchItems();
  const [row] = shop.till.mappings(['proposed']).rows;
  const shopCode = row?.shopCode ?? '';
  const wrong = await shop.till.decideMapping(shopCode, 'X-not-there');
  expect(wrong).toMatchObject({ ok: false, error: { code: 'mapping-code-unknown' } });
  const code = shop.store.mapping('100001')?.nationalCode;
  const taken = await shop.till.decideMapping(shopCode, code);
  expect(taken).toMatchObject({ ok: true, value: { state: 'confirmed', basis: 'person', by: '0101' } });
  const none = await shop.till.decideMapping(shopCode, undefined);
  expect(none).toMatchObject({ ok: true, value: { state: 'declined' } });
  expect(await shop.till.decideMapping('nobody', code)).toMatchObject({
    ok: false,
    error: { code: 'mapping-unknown' },
  });
});

test('an uploaded mapping is changed only after it was taken back at the agency', async () => {
  await shop.till.matchItems();
  await shop.till.uploadMappings();
  const code = shop.store.mapping('100002')?.nationalCode;
  const early = await shop.till.decideMapping('100001', code);
  expect(early).toMatchObject({ ok: false, error: { code: 'mapping-at-agency' } });
  expect(await shop.till.revokeMapping('100001')).toMatchObject({ ok: true, value: { state: 'revoking' } });
  expect((await shop.till.uploadMappings()).ok).toBe(true);
  expect(shop.store.mapping('100001')?.state).toBe('revoked');
  expect(atAgency().some(({ shopCode }) => shopCode === '100001')).toBe(false);
  expect(await shop.till.decideMapping('100001', code)).toMatchObject({ ok: true });
});

test('with the agency cut nothing is marked as uploaded, and the next try sends it', async () => {
  await shop.till.matchItems();
  await shop.agency.control.cut();
  const cut = await shop.till.uploadMappings();
  expect(cut.ok).toBe(false);
  expect(shop.store.mappingCounts().get('uploaded')).toBeUndefined();
  await shop.agency.control.restore();
  await shop.until('online again', ({ connectivity }) => connectivity.state === 'online', 30_000);
  expect((await shop.till.uploadMappings()).ok).toBe(true);
  expect(shop.store.mappingCounts().get('confirmed')).toBeUndefined();
}, 60_000);
