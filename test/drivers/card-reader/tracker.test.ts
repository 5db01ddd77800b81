import { describe, expect, test } from 'vitest';
import { fault } from '#core/fault';
import { ReaderTracker } from '#drivers/card-reader/tracker';

const reader = 'R';
const atr = Uint8Array.of(0x3b, 0x00);
const status = (counter: number, card: 'none' | 'present' | 'mute') => ({ reader, counter, card, atr });

function tracker(): ReaderTracker {
  const made = new ReaderTracker();
  made.list([reader]);
  made.apply(status(0, 'none'));
  return made;
}

describe('reader statuses become events', () => {
  test('a pull and an insertion that arrive as one status are told as two events', () => {
    const made = tracker();
    expect(made.apply(status(1, 'present')).map((event) => event.kind)).toEqual(['card-inserted']);
    const events = made.apply(status(3, 'present'));
    expect(events).toMatchObject([
      { kind: 'card-removed', insertion: 1, fault: { code: 'card-removed' } },
      { kind: 'card-inserted', insertion: 2 },
    ]);
  });

  test('the same status twice, or another flag of the same insertion, is no event', () => {
    const made = tracker();
    made.apply(status(1, 'present'));
    expect(made.apply(status(1, 'present'))).toEqual([]);
  });

  test('an insertion and a pull that arrive as one status leave the reader empty and silent', () => {
    expect(tracker().apply(status(2, 'none'))).toEqual([]);
  });

  test('a counter that starts anew with a restarted service is a new insertion, not the old one', () => {
    const made = tracker();
    made.apply(status(1, 'present'));
    expect(made.serviceLost(fault('reader-service-down')).map((event) => event.kind)).toEqual([
      'card-removed',
      'reader-removed',
    ]);
    made.list([reader]);
    expect(made.apply(status(1, 'present'))).toMatchObject([{ kind: 'card-inserted', insertion: 2 }]);
  });

  test('the counter may wrap around', () => {
    const made = tracker();
    made.apply(status(0xffff, 'present'));
    expect(made.apply(status(1, 'present'))).toHaveLength(2);
  });

  test('a card that cost a child stays mute while its counter stands and works after a pull', () => {
    const made = tracker();
    made.apply(status(1, 'present'));
    expect(made.childEnded(fault('reader-timeout'), reader)).toMatchObject([
      { fault: { code: 'reader-timeout' } },
    ]);
    expect(made.apply(status(1, 'present'))).toMatchObject([{ kind: 'card-mute' }]);
    expect(made.state(reader)).toMatchObject({ card: 'mute' });
    expect(made.apply(status(2, 'none'))).toMatchObject([{ kind: 'card-removed' }]);
    expect(made.apply(status(3, 'present'))).toMatchObject([{ kind: 'card-inserted' }]);
  });

  test('late news about a reader that is gone says nothing', () => {
    const made = tracker();
    made.apply(status(1, 'present'));
    expect(made.list([]).map((event) => event.kind)).toEqual(['card-removed', 'reader-removed']);
    expect(made.apply(status(2, 'none'))).toEqual([]);
    expect(made.unplug(reader, fault('reader-lost'))).toEqual([]);
    expect(made.states()).toEqual([]);
  });
});
