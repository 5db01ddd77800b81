import { describe, expect, test } from 'vitest';
import { Buzzer } from '#checkout/buzzer';
import { parseConfig } from '#core/config/parse';
import { ManualClock } from '#core/manual-clock';
import { FakePrinter } from '#drivers/printer/fake';

function shop(toml: string) {
  const config = parseConfig(toml, {});
  if (!config.ok) throw new Error(config.error.detail);
  const clock = new ManualClock(Date.UTC(2026, 4, 5, 4));
  const printer = new FakePrinter();
  return { printer, clock, buzzer: new Buzzer({ config: config.value, clock, printer }) };
}

const calm = { outcomeUnknown: false, holderRefused: false };

describe('the buzzer', () => {
  test('sounds once when trouble begins, and again when it begins anew', async () => {
    const { buzzer, printer, clock } = shop('[buzzer]\ndevice = "printer"');
    buzzer.watch({ ...calm, outcomeUnknown: true });
    buzzer.watch({ ...calm, outcomeUnknown: true });
    await clock.advance(5_000);
    expect(printer.beeps).toBe(1);
    buzzer.watch(calm);
    buzzer.watch({ ...calm, holderRefused: true });
    await clock.advance(0);
    expect(printer.beeps).toBe(2);
  });

  test('a row of refused scans is one sound', async () => {
    const { buzzer, printer, clock } = shop('[buzzer]\ndevice = "printer"');
    for (let scan = 0; scan < 5; scan += 1) buzzer.sound();
    await clock.advance(0);
    expect(printer.beeps).toBe(1);
  });

  test('is silent where no device is named', async () => {
    const { buzzer, printer, clock } = shop('');
    buzzer.sound();
    await clock.advance(0);
    expect(printer.beeps).toBe(0);
  });
});
