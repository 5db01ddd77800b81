import { mkdtempSync, rmSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { ManualClock } from '#core/manual-clock';
import { faultKinds } from '#simulators/agency/faults';
import { transactionPaths } from '#simulators/agency/paths';
import { runAgencySimulator } from '#simulators/agency/run';
import { insuredHolder } from '#simulators/agency/training-persons';
import { formatJson, numberText } from '#simulators/agency/wire';
import { Caller, fenOf, node, oneBox, rows, start, stop } from './caller.ts';

const cardA = insuredHolder('A');

async function terminal(options = {}) {
  const agency = await start(options);
  const caller = new Caller(agency);
  await caller.signIn();
  const message = caller.settlement(cardA, oneBox, 'S1');
  const standing = () => agency.control.chargesOf('S1').standing.length;
  return { agency, caller, message, standing };
}

/** The whole raw stream that one request gets back. */
function rawExchange(port: number, path: string, body: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const socket = connect(port, '127.0.0.1');
    const parts: Buffer[] = [];
    socket.on('data', (part) => parts.push(part));
    socket.on('end', () => resolve(Buffer.concat(parts).toString('utf8')));
    socket.on('error', reject);
    socket.write(
      `POST ${path} HTTP/1.1\r\nhost: 127.0.0.1\r\ncontent-length: ${Buffer.byteLength(body)}\r\n\r\n${body}`,
    );
  });
}

async function until(holds: () => boolean): Promise<void> {
  const deadline = performance.now() + 5000;
  while (!holds()) {
    if (performance.now() > deadline) throw new Error('the awaited state did not come within 5 s');
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}

describe('faults of the line', () => {
  it('a lost request books nothing and its sender gets no answer', async () => {
    const { agency, caller, message, standing } = await terminal();
    await agency.control.setFault({ kind: 'lose-request', transaction: '2102', count: 1 });
    await expect(caller.post('2102', message)).rejects.toThrow();
    expect(standing()).toBe(0);
    expect((await caller.post('2102', message)).infcode).toBe('0');
    expect(agency.control.state().faults).toEqual([]);
  });

  it('a lost reply leaves the settlement booked', async () => {
    const { agency, caller, message, standing } = await terminal();
    await agency.control.setFault({ kind: 'lose-reply', transaction: '2102', count: 1 });
    await expect(caller.post('2102', message)).rejects.toThrow();
    expect(standing()).toBe(1);
    expect((await caller.reversal(cardA, String(message['msgid']))).infcode).toBe('0');
    expect(standing()).toBe(0);
  });

  it('a reply that comes twice is booked once', async () => {
    const { agency, caller, message, standing } = await terminal();
    await agency.control.setFault({ kind: 'reply-twice', transaction: '2102' });
    const stream = await rawExchange(agency.port, transactionPaths['2102'], formatJson(message));
    expect(stream.split('HTTP/1.1 200').length - 1).toBe(2);
    expect(standing()).toBe(1);
    const other = caller.settlement(cardA, oneBox, 'S2');
    expect((await caller.post('2102', other)).infcode).toBe('0');
  });

  it('a request held back arrives after its reversal was accepted, and only a later 2103 gives it back', async () => {
    const { agency, caller, message, standing } = await terminal();
    await agency.control.setFault({ kind: 'late-after-reversal', count: 1 });
    await expect(caller.post('2102', message)).rejects.toThrow();
    expect(agency.control.held()).toEqual([message['msgid']]);
    expect(standing()).toBe(0);
    expect((await caller.reversal(cardA, String(message['msgid']))).infcode).toBe('0');
    expect(standing()).toBe(1);
    expect(agency.control.held()).toEqual([]);
    expect(agency.control.settlements()).toMatchObject([{ afterReversal: true }]);
  });

  it('a request held back arrives after its own delay, or when control delivers it', async () => {
    const clock = new ManualClock(Date.UTC(2025, 8, 12, 2, 30));
    const agency = await start({ clock });
    const caller = new Caller(agency, clock);
    await caller.signIn();
    await agency.control.setFault({ kind: 'late-after-reversal', delayMs: 60_000 });
    const first = caller.settlement(cardA, oneBox, 'S1');
    await expect(caller.post('2102', first)).rejects.toThrow();
    await caller.reversal(cardA, String(first['msgid']));
    await clock.advance(59_999);
    expect(agency.control.chargesOf('S1').standing).toEqual([]);
    await clock.advance(1);
    expect(agency.control.chargesOf('S1').standing).toHaveLength(1);
    const second = caller.settlement(cardA, oneBox, 'S2');
    await expect(caller.post('2102', second)).rejects.toThrow();
    expect(agency.control.deliverHeld()).toBe(1);
    expect(agency.control.chargesOf('S2').standing).toHaveLength(1);
  });

  it('a delayed answer is booked at once and comes when its time is over', async () => {
    const clock = new ManualClock(Date.UTC(2025, 8, 12, 2, 30));
    const agency = await start({ clock });
    const caller = new Caller(agency, clock);
    await caller.signIn();
    await agency.control.setFault({ kind: 'delay', transaction: '2102', delayMs: 30_000 });
    let answered = false;
    const answer = caller.post('2102', caller.settlement(cardA, oneBox, 'S1')).finally(() => {
      answered = true;
    });
    await until(() => agency.control.chargesOf('S1').standing.length === 1);
    await clock.advance(29_999);
    expect(answered).toBe(false);
    await clock.advance(1);
    expect((await answer).infcode).toBe('0');
  });

  it('a delayed request is booked after its sender hung up', async () => {
    const clock = new ManualClock(Date.UTC(2025, 8, 12, 2, 30));
    const agency = await start({ clock });
    const caller = new Caller(agency, clock);
    await caller.signIn();
    await agency.control.setFault({
      kind: 'delay',
      transaction: '2102',
      delayMs: 30_000,
      processed: false,
      count: 1,
    });
    const message = caller.settlement(cardA, oneBox, 'S1');
    const hangUp = new AbortController();
    const sent = fetch(`${agency.url}${transactionPaths['2102']}`, {
      method: 'POST',
      body: formatJson(message),
      signal: hangUp.signal,
    });
    await until(() => agency.control.state().faults.length === 0);
    hangUp.abort();
    await expect(sent).rejects.toThrow();
    expect(agency.control.settlements()).toEqual([]);
    await clock.advance(30_000);
    await until(() => agency.control.chargesOf('S1').standing.length === 1);
  });

  it.each(['bytes', 'json', 'truncated'] as const)('garbage as %s is booked and unreadable', async (form) => {
    const { agency, caller, message, standing } = await terminal();
    await agency.control.setFault({ kind: 'garbage', transaction: '2102', form });
    const answer = await caller.post('2102', message);
    expect(answer.status).toBe(200);
    expect(answer.infcode).toBe('');
    expect(standing()).toBe(1);
  });

  it('an answer that breaks off in the middle is booked; garbage without processing is not', async () => {
    const { agency, caller, message, standing } = await terminal();
    await agency.control.setFault({ kind: 'garbage', form: 'cut-off', count: 1 });
    await expect(caller.post('2102', message)).rejects.toThrow();
    expect(standing()).toBe(1);
    await agency.control.setFault({ kind: 'garbage', processed: false });
    const second = await caller.post('2102', caller.settlement(cardA, oneBox, 'S2'));
    expect(second.infcode).toBe('');
    expect(agency.control.chargesOf('S2').records).toEqual([]);
  });

  it.each([true, false])('a 502 page with the request processed: %s', async (processed) => {
    const { agency, caller, message, standing } = await terminal();
    await agency.control.setFault({ kind: 'server-error', processed });
    const answer = await caller.post('2102', message);
    expect(answer.status).toBe(502);
    expect(Buffer.from(answer.bytes).toString()).toContain('<html>');
    expect(standing()).toBe(processed ? 1 : 0);
  });

  it('a wrong clock shifts the times of the answer only', async () => {
    const clock = new ManualClock(Date.UTC(2025, 8, 12, 2, 30));
    const agency = await start({ clock });
    const caller = new Caller(agency, clock);
    await agency.control.setFault({ kind: 'wrong-clock', clockShiftMs: -7_200_000 });
    const answer = await caller.call('9001', { signIn: { opter_no: '0103', ip: '10.0.0.1' } });
    expect(answer.envelope['respond_time']).toBe('20250912083000000');
    await agency.control.clearFaults();
    const right = await caller.call('9001', { signIn: { opter_no: '0103', ip: '10.0.0.1' } });
    expect(right.envelope['respond_time']).toBe('20250912103000000');
  });

  it('a cut line refuses connections, and the same port answers after the restoration', async () => {
    const { agency, caller, message } = await terminal();
    await agency.control.setFault('cut');
    await expect(caller.post('2102', message)).rejects.toMatchObject({ cause: { code: 'ECONNREFUSED' } });
    expect(agency.control.state().cut).toBe(true);
    await agency.control.setFault('none');
    expect((await caller.post('2102', message)).infcode).toBe('0');
  });
});

describe('wrong sums', () => {
  const broken = {
    '1': ([info]: Sums) =>
      sum(info, ['fulamt_ownpay_amt', 'overlmt_selfpay', 'preselfpay_amt', 'inscp_scp_amt']) -
      fenOf(info, 'medfee_sumamt'),
    '2': ([info]: Sums) => sum(info, ['fund_pay_sumamt', 'psn_part_amt']) - fenOf(info, 'medfee_sumamt'),
    '3': ([info]: Sums) => sum(info, ['acct_pay', 'psn_cash_pay']) - fenOf(info, 'psn_part_amt'),
    '4': ([info]: Sums) => fenOf(info, 'hifp_pay') - fenOf(info, 'fund_pay_sumamt'),
    '6': ([info, funds]: Sums) => fenOf(funds[0]!, 'fund_payamt') - fenOf(info, 'fund_pay_sumamt'),
    '10': ([, , lines]: Sums) =>
      sum(lines[0]!, ['fulamt_ownpay_amt', 'overlmt_amt', 'preselfpay_amt', 'inscp_scp_amt']) -
      fenOf(lines[0]!, 'det_item_fee_sumamt'),
    '14': ([info, , lines]: Sums) =>
      lines.reduce((all, line) => all + fenOf(line, 'preselfpay_amt'), 0n) - fenOf(info, 'preselfpay_amt'),
  } as const;
  type Sums = readonly [Row, readonly Row[], readonly Row[]];
  type Row = Record<string, unknown>;
  const sum = (row: Row, fields: readonly string[]) =>
    fields.reduce((all, field) => all + fenOf(row, field), 0n);

  it.each(Object.keys(broken) as (keyof typeof broken)[])(
    'relation %s is the one that breaks, and the booking stays right',
    async (relation) => {
      const { agency, caller, message } = await terminal();
      await agency.control.setFault({ kind: 'wrong-sums', transaction: '2102', relation });
      const { output } = await caller.post('2102', message);
      const sums = [
        node(output, 'setlinfo'),
        rows(output, 'setldetail'),
        rows(output, 'detlcutinfo'),
      ] as const;
      for (const [name, difference] of Object.entries(broken))
        expect([name, difference(sums) === 0n]).toEqual([name, name !== relation]);
      expect(agency.control.account(cardA.personNumber)?.balance).toBe(475_00n);
    },
  );

  it('a cancellation can be answered wrongly too', async () => {
    const { agency, caller, message } = await terminal();
    const settled = await caller.post('2102', message);
    await agency.control.setFault({ kind: 'wrong-sums', relation: '9' });
    const answer = await caller.cancellation(cardA, settled);
    expect(numberText(node(answer.output, 'setlinfo')['balc'])).toBe('500.01');
    expect(agency.control.account(cardA.personNumber)?.balance).toBe(500_00n);
  });
});

describe('control address', () => {
  async function control(url: string, path: string, body?: unknown, headers = {}) {
    const response = await fetch(`${url}/${path}`, {
      method: body === undefined ? 'GET' : 'POST',
      headers: { connection: 'close', ...headers },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    return { status: response.status, value: (await response.json()) as Record<string, unknown> };
  }

  it('takes every kind of fault', async () => {
    const { agency } = await terminal();
    for (const kind of faultKinds) {
      const answer = await control(agency.controlUrl, 'fault', { kind });
      expect([kind, answer.status]).toEqual([kind, 200]);
      expect(answer.value['cut']).toBe(kind === 'cut');
    }
    expect((await control(agency.controlUrl, 'fault', { kind: 'fire' })).status).toBe(400);
    expect((await control(agency.controlUrl, 'fault', { kind: 'delay', colour: 1 })).status).toBe(400);
    expect((await control(agency.controlUrl, 'nowhere')).status).toBe(404);
  });

  it('shows accounts, charges and events with money as text, also while the line is cut', async () => {
    const { agency, caller, message } = await terminal();
    await caller.post('2102', message);
    await control(agency.controlUrl, 'cut', {});
    const account = await control(agency.controlUrl, `accounts/${cardA.personNumber}`);
    expect(account.value['balance']).toBe('475.00');
    const charges = await control(agency.controlUrl, 'charges/S1');
    expect(charges.value).toMatchObject({ account: '25.00', standing: [{ ratio: '0.6000' }] });
    await control(agency.controlUrl, 'balance', { personNumber: cardA.personNumber, balance: '1.50' });
    expect(agency.control.account(cardA.personNumber)?.balance).toBe(1_50n);
    expect((await control(agency.controlUrl, 'accounts/nobody')).status).toBe(404);
  });

  it('refuses web pages', async () => {
    const { agency } = await terminal();
    const page = await control(agency.controlUrl, 'cut', {}, { origin: 'http://example.test' });
    expect(page.status).toBe(403);
    expect(agency.control.state().cut).toBe(false);
  });
});

describe('restart', () => {
  it('keeps accounts, settlements, sign-ins and held requests in its file', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'agency-'));
    try {
      const database = join(folder, 'agency.db');
      const first = await terminal({ database });
      await first.caller.post('2102', first.message);
      await first.agency.control.setFault({ kind: 'late-after-reversal' });
      const late = first.caller.settlement(cardA, oneBox, 'S2');
      await expect(first.caller.post('2102', late)).rejects.toThrow();
      await stop(first.agency);

      const agency = await start({ database });
      const caller = new Caller(agency);
      caller.signNumber = first.caller.signNumber;
      expect(agency.control.account(cardA.personNumber)?.balance).toBe(475_00n);
      expect((await caller.post('2102', first.message)).text).toContain('报文ID重复');
      expect(agency.control.held()).toEqual([late['msgid']]);
      expect(
        (
          await caller.post('2601', {
            ...caller.envelope('2601', {
              data: { psn_no: cardA.personNumber, omsgid: late['msgid'], oinfno: '2102' },
            }),
            msgid: `${String(late['msgid']).slice(0, 26)}9001`,
          })
        ).infcode,
      ).toBe('0');
      expect(agency.control.account(cardA.personNumber)?.balance).toBe(450_00n);
      await stop(agency);
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
});

describe('the program', () => {
  it('prints its addresses, serves, and ends when told', async () => {
    const end = new AbortController();
    let line = '';
    const run = runAgencySimulator([], { write: (text) => (line += text), signal: end.signal });
    await until(() => line.includes('\n'));
    const [, url = '', control = ''] = /^agency simulator (\S+) control (\S+)\n$/.exec(line) ?? [];
    expect((await fetch(`${control}/state`)).status).toBe(200);
    expect((await fetch(url)).status).toBe(404);
    end.abort();
    expect(await run).toBe(0);
    await expect(fetch(url)).rejects.toThrow();
  });

  it.each([
    [['--colour'], 2],
    [['--port', '70000'], 2],
    [['--xtif-account', 'a'], 2],
    [['--database', '/nowhere/at/all.db'], 1],
    [['--catalog', '/nowhere/at/all.tsv'], 2],
  ])('%j does not start', async (args, code) => {
    let text = '';
    expect(await runAgencySimulator(args, { write: (part) => (text += part) })).toBe(code);
    expect(text).not.toBe('');
  });
});
