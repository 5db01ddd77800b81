import { fault } from '#core/fault';
import { err } from '#core/result';
import { FakePrinter } from '#drivers/printer/fake';
import type { PrinterPort } from '#drivers/printer/port';
import { StripPrinter } from '#simulators/printer/strip';
import { Tokenizer } from '#simulators/printer/tokenizer';
import { Crashed, type Machine } from './machine.ts';

/** A slip as it lies in the tray: what its text says. */
export interface PaperSlip {
  readonly kind: 'settlement' | 'offline' | 'own-pay' | 'cancellation' | 'unreadable';
  readonly saleNumber: string;
  readonly isCopy: boolean;
  /** Amounts by their label, as printed. */
  readonly amounts: ReadonlyMap<string, string>;
  readonly problems: readonly string[];
  /** It came out whole; half a slip is no slip. */
  readonly isWhole: boolean;
}

/** What happens to the next slip: it breaks off, or comes out whole while the answer is lost. */
export type PrintFate = 'breaks-off' | 'unanswered';

/** The slip printer with its tray. The paper outlives every crash. */
export class WorldPrinter {
  readonly tray: PaperSlip[] = [];
  /** Told of every slip in the very moment in which the till hands it over. */
  onAsked: (slip: PaperSlip) => void = () => undefined;
  readonly #inner = new FakePrinter();
  #fate: PrintFate | undefined;

  setPaper(paper: 'ok' | 'out'): void {
    this.#inner.setPaper(paper);
  }

  setPlugged(isPlugged: boolean): void {
    this.#inner.setPlugged(isPlugged);
  }

  expect(fate: PrintFate | undefined): void {
    this.#fate = fate;
  }

  port(machine: Machine): PrinterPort {
    const inner = this.#inner;
    return {
      address: inner.address,
      status: () => inner.status(),
      openDrawer: () => inner.openDrawer(),
      beep: () => inner.beep(),
      close: () => Promise.resolve(),
      print: (bytes) => this.#print(bytes, machine),
    };
  }

  async #print(bytes: Uint8Array, machine: Machine): ReturnType<PrinterPort['print']> {
    const how = machine.next();
    if (how === 'before') return dead(machine, how);
    const slip = readSlip(bytes, true);
    this.onAsked(slip);
    const fate = this.#fate;
    this.#fate = undefined;
    if (fate === 'breaks-off' || how === 'torn') this.#inner.breakAfterBytes(Math.floor(bytes.length / 2));
    const printed = await this.#inner.print(bytes);
    if (printed.ok) this.tray.push(slip);
    else if (printed.error.retry === 'ambiguous')
      this.tray.push(readSlip(bytes.slice(0, bytes.length / 2), false));
    if (how !== undefined) return dead(machine, how);
    machine.check();
    const isUnanswered = fate === 'unanswered' && printed.ok;
    return isUnanswered ? err(fault('printer-outcome-unknown', 'answer lost')) : printed;
  }
}

function dead(machine: Machine, how: 'before' | 'after' | 'torn'): never {
  machine.die('printing a slip', how);
  throw new Crashed('printing a slip');
}

const TITLES = [
  [/结算单（脱机）/, 'offline'],
  [/退费单/, 'cancellation'],
  [/自费销售小票/, 'own-pay'],
  [/结算单/, 'settlement'],
] as const;

function readSlip(bytes: Uint8Array, isWhole: boolean): PaperSlip {
  const strip = new StripPrinter(48, 'unseen');
  const tokens = new Tokenizer().push(bytes);
  const rows: string[] = [];
  const problems: string[] = [];
  for (const token of tokens) {
    const cut = strip.take(token);
    if (cut === undefined) continue;
    rows.push(...cut.rows.map(({ text }) => text));
    problems.push(...cut.problems);
  }
  const text = rows.join('\n');
  const kind = TITLES.find(([title]) => title.test(text))?.[1] ?? 'unreadable';
  const amounts = new Map<string, string>();
  for (const row of rows) {
    const [, label, amount] = /^\s*(\S+?)\s+(-?\d+\.\d{2})\s*$/.exec(row) ?? [];
    if (label !== undefined && amount !== undefined && !amounts.has(label)) amounts.set(label, amount);
  }
  const saleNumber = /流水号 (\S+)/.exec(text)?.[1] ?? '';
  return { kind, saleNumber, isCopy: /补打/.test(text), amounts, problems, isWhole };
}
