import { describe, expect, it } from 'vitest';
import { fault } from '#core/fault';
import { ManualClock } from '#core/manual-clock';
import type { TillStore } from '#store/port';
import { StoreError } from '#store/store-error';
import { ReadAhead } from '#sync/read-ahead';

function reading(sale: (saleId: string) => undefined = () => undefined) {
  const clock = new ManualClock(0);
  const looked: string[] = [];
  const store = {
    sale: (saleId: string) => {
      looked.push(saleId);
      return sale(saleId);
    },
  } as Pick<TillStore, 'sale'> as TillStore;
  return { clock, looked, ahead: new ReadAhead({ clock, store }) };
}

describe('reading ahead during an upload', () => {
  it('opens one sale each time, in the order told, and none twice', async () => {
    const { clock, looked, ahead } = reading();
    ahead.soon(() => ['a', 'b', 'c']);
    ahead.soon(() => ['a', 'b', 'c']);
    expect(looked).toEqual([]);
    await clock.advance(5);
    expect(looked).toEqual(['a', 'b']);
    ahead.soon(() => ['a', 'b']);
    await clock.advance(5);
    expect(looked).toEqual(['a', 'b']);
  });

  it('asks for the candidates only when it is time: the queue may have moved on', async () => {
    const { clock, looked, ahead } = reading();
    let next = 'old';
    ahead.soon(() => [next]);
    next = 'new';
    await clock.advance(5);
    expect(looked).toEqual(['new']);
  });

  it('touches no records after the uploads were stopped', async () => {
    const { clock, looked, ahead } = reading();
    ahead.soon(() => ['a']);
    ahead.stop();
    await clock.advance(1000);
    expect(looked).toEqual([]);
  });

  it('leaves trouble of the disk and a broken seal to the upload that meets it', async () => {
    const codes = ['store-write-failed', 'record-seal-broken'] as const;
    const { clock, looked, ahead } = reading((saleId) => {
      throw new StoreError(fault(codes[Number(saleId)] ?? 'store-damaged'));
    });
    ahead.soon(() => ['0']);
    ahead.soon(() => ['1']);
    await clock.advance(5);
    expect(looked).toEqual(['0', '1']);
  });
});
