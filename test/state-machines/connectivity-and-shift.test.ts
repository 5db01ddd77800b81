import { describe, expect, test } from 'vitest';
import { fault } from '#core/fault';
import { connectivityMachine, probeDelayMs } from '#machines/connectivity/machine';
import { shiftMachine } from '#machines/shift/machine';
import { walker } from './walk.ts';

const options = { failuresToOpen: 3, firstProbeAfterMs: 1000, probeAfterMaxMs: 60_000, random: () => 0.5 };
const failed = { type: 'link.failed', fault: fault('agency-no-answer'), nothingSent: false };

describe('connectivity', () => {
  test('one lost answer is degraded, three in a row are offline, one success is online', () => {
    const walk = walker(connectivityMachine, options);
    expect(walk.value).toBe('online');
    expect(walk.send(failed).value).toBe('degraded');
    expect(walk.send(failed).value).toBe('degraded');
    expect(walk.send(failed).value).toEqual({ offline: 'waiting' });
    expect(walk.send({ type: 'link.worked' }).value).toBe('online');
    expect(walk.send(failed).value).toBe('degraded');
  });

  test('an address that cannot be reached at all is offline at once', () => {
    const walk = walker(connectivityMachine, options);
    expect(walk.send({ ...failed, fault: fault('agency-unreachable'), nothingSent: true }).value).toEqual({
      offline: 'waiting',
    });
  });

  test('while offline only a probe decides, and a failed one waits again', () => {
    const walk = walker(connectivityMachine, options).send({ ...failed, nothingSent: true });
    walk.send({ type: 'probe.now' });
    expect(walk.value).toEqual({ offline: 'probing' });
    expect(walk.done('probe', false).value).toEqual({ offline: 'waiting' });
    walk.send({ type: 'probe.now' });
    expect(walk.done('probe', true).value).toBe('online');
  });

  test('an operator forces offline and lifts it, but online is earned by a probe', () => {
    const walk = walker(connectivityMachine, options).send({ type: 'operator.forces-offline' });
    expect(walk.value).toBe('forced');
    expect(walk.send({ type: 'link.worked' }).value).toBe('forced');
    expect(walk.send({ type: 'operator.allows-online' }).value).toEqual({ offline: 'probing' });
  });

  test('probes back off with jitter up to a ceiling', () => {
    const at = (probes: number, random: number) =>
      probeDelayMs({
        options: { ...options, random: () => random },
        probes,
        failures: 0,
        lastFault: undefined,
      });
    expect(at(0, 0)).toBe(500);
    expect(at(0, 1)).toBe(1000);
    expect(at(3, 0)).toBe(4000);
    expect(at(1000, 1)).toBe(60_000);
  });
});

describe('shift', () => {
  test('signs in, opens, closes and signs out', () => {
    const walk = walker(shiftMachine).send({ type: 'shift.open', operatorNumber: '0101' });
    expect(walk.value).toBe('signing-in');
    expect(walk.done('signIn', { kind: 'signed-in' }).value).toBe('open');
    expect(walk.send({ type: 'shift.close' }).value).toBe('closing');
    expect(walk.done('close', { kind: 'closed' }).value).toBe('closed');
    expect(walk.context.operatorNumber).toBeUndefined();
  });

  test('opens without the agency and remembers that 9001 is owed', () => {
    const walk = walker(shiftMachine)
      .send({ type: 'shift.open', operatorNumber: '0101' })
      .done('signIn', { kind: 'signed-in-offline', fault: fault('agency-unreachable') });
    expect(walk.value).toBe('open');
    expect(walk.context.fault.code).toBe('agency-unreachable');
  });

  test('a refused sign-in leaves nobody at the counter', () => {
    const walk = walker(shiftMachine)
      .send({ type: 'shift.open', operatorNumber: '0101' })
      .done('signIn', { kind: 'refused', fault: fault('agency-refused') });
    expect(walk.value).toBe('signed-out');
    expect(walk.context.operatorNumber).toBeUndefined();
  });

  test('a day that does not balance stays open with the reason', () => {
    const walk = walker(shiftMachine)
      .send({ type: 'shift.resume', operatorNumber: '0101' })
      .send({ type: 'shift.close' })
      .done('close', { kind: 'refused', fault: fault('shift-not-balanced') });
    expect(walk.value).toBe('open');
    expect(walk.context.fault.code).toBe('shift-not-balanced');
    const closed = walk.send({ type: 'shift.close' }).done('close', { kind: 'closed' });
    expect(closed.value).toBe('closed');
    expect(closed.context.fault).toBeUndefined();
  });
});
