import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  advance,
  beginExchange,
  confirmRounds,
  type Exchange,
  type Input,
  type Job,
} from '#drivers/printer/exchange';

const bytes = Uint8Array.of(0x41, 0x0a);
const READY = [0x12, 0x12, 0x12, 0x12];
const NO_PAPER = [0x1a, 0x32, 0x12, 0x7e];

function received(answers: readonly number[]): Input[] {
  return answers.map((byte) => ({ kind: 'received', byte }));
}

/** Runs the reducer over inputs; answers what was written and how it ended. */
function play(job: Job, inputs: readonly Input[]) {
  let step = beginExchange(job);
  const written: string[] = [];
  const note = () => {
    if (step.effect.kind === 'write') written.push(Buffer.from(step.effect.bytes).toString('hex'));
  };
  note();
  for (const input of inputs) {
    step = advance(step.next, input);
    note();
  }
  const result = step.effect.kind === 'end' ? step.effect.result : undefined;
  return { written, result, state: step.next };
}

const print = (inOrder: 'untried' | 'yes' | 'no'): Job => ({ kind: 'print', bytes, inOrder });

describe('a clean print', () => {
  test('asks four states, tries the in-order answer, sends, waits for it, asks again', () => {
    const inputs = [
      ...received(READY),
      ...received([0x00]),
      { kind: 'sent' } as const,
      ...received([0x00, ...READY]),
    ];
    const { written, result, state } = play(print('untried'), inputs);
    const states = ['100401', '100402', '100403', '100404'];
    expect(written).toEqual([...states, '1d7201', '410a', '1d7201', ...states]);
    expect(result).toMatchObject({ ok: true });
    expect(state.inOrder).toBe('yes');
  });

  test('does without the in-order answer on a printer that does not know it', () => {
    const inputs = [
      ...received(READY),
      { kind: 'late' } as const,
      { kind: 'sent' } as const,
      ...received(READY),
    ];
    const { written, result, state } = play(print('untried'), inputs);
    expect(written.filter((text) => text === '1d7201')).toHaveLength(1);
    expect(result).toMatchObject({ ok: true });
    expect(state.inOrder).toBe('no');
  });

  test('flow-control and unasked bytes between the answers change nothing', () => {
    const noise = [0x11, 0x13, 0x10, 0xff];
    const inputs = [
      ...received([...noise, ...READY, ...noise]),
      { kind: 'sent' } as const,
      ...received(READY),
    ];
    expect(play(print('no'), inputs).result).toMatchObject({ ok: true });
  });
});

describe('faults before the first byte of the slip', () => {
  test('no paper: nothing is sent', () => {
    const { written, result } = play(print('yes'), received(NO_PAPER));
    expect(written).not.toContain('410a');
    expect(result).toMatchObject({ ok: false, error: { code: 'printer-paper-out', retry: 'transient' } });
  });

  test.each([{ kind: 'late' } as const, { kind: 'lost', detail: 'gone' } as const])(
    '$kind is transient',
    (input) => {
      expect(play(print('yes'), [...received([0x12]), input]).result).toMatchObject({
        ok: false,
        error: { code: 'printer-unreachable', retry: 'transient' },
      });
    },
  );
});

describe('faults after it', () => {
  const begun: Input[] = [...received(READY)];
  const unknown = { ok: false, error: { code: 'printer-outcome-unknown', retry: 'ambiguous' } };

  test('the line breaks while sending: unknown', () => {
    expect(play(print('yes'), [...begun, { kind: 'lost', detail: 'gone' }]).result).toMatchObject(unknown);
  });

  test('no status afterwards: unknown', () => {
    const inputs: Input[] = [...begun, { kind: 'sent' }, { kind: 'late' }];
    expect(play(print('no'), inputs).result).toMatchObject(unknown);
  });

  test('paper out afterwards: unknown, and the reason is told', () => {
    const inputs: Input[] = [...begun, { kind: 'sent' }, ...received(NO_PAPER)];
    expect(play(print('no'), inputs).result).toMatchObject({ error: { detail: 'printer-paper-out' } });
  });

  test('paper out under the slip: seen by asking while the in-order answer stays away', () => {
    const inputs: Input[] = [...begun, { kind: 'sent' }, { kind: 'late' }, ...received(NO_PAPER)];
    const { result } = play(print('yes'), inputs);
    expect(result).toMatchObject({ ...unknown, error: { detail: 'printer-paper-out' } });
  });

  test('a slow printer that is well is waited for, but not for ever', () => {
    const look: Input[] = [{ kind: 'late' }, ...received(READY)];
    const waited = [...begun, { kind: 'sent' } as const, ...look, ...look];
    expect(play(print('yes'), [...waited, ...received([0x00, ...READY])]).result).toMatchObject({ ok: true });
    const endless = Array.from({ length: confirmRounds + 1 }, () => look).flat();
    expect(play(print('yes'), [...begun, { kind: 'sent' }, ...endless]).result).toBeUndefined();
    const given = [...begun, { kind: 'sent' } as const, ...endless.slice(0, confirmRounds * look.length)];
    expect(play(print('yes'), [...given, { kind: 'late' }]).result).toMatchObject(unknown);
  });
});

test('whatever comes, a slip is sent at most once and only a whole good ending is called printed', () => {
  const input: fc.Arbitrary<Input> = fc.oneof(
    {
      weight: 8,
      arbitrary: fc
        .constantFrom(0x12, 0x00, 0x1a, 0x32, 0x7e, 0x16, 0x11)
        .map((byte): Input => ({ kind: 'received', byte })),
    },
    { weight: 2, arbitrary: fc.constant<Input>({ kind: 'sent' }) },
    { weight: 1, arbitrary: fc.constant<Input>({ kind: 'late' }) },
    { weight: 1, arbitrary: fc.constant<Input>({ kind: 'lost', detail: 'gone' }) },
  );
  fc.assert(
    fc.property(
      fc.array(input, { maxLength: 60 }),
      fc.constantFrom('untried', 'yes', 'no'),
      (inputs, inOrder) => {
        let step = beginExchange(print(inOrder));
        let sent = 0;
        let afterwards: number[] = [];
        for (const one of inputs) {
          const phase: Exchange['phase'] = step.next.phase;
          step = advance(step.next, one);
          if (step.effect.kind === 'write' && step.effect.wait === 'transfer') sent += 1;
          if (phase === 'after' && one.kind === 'received') afterwards.push(one.byte);
          if (step.next.phase === 'after' && phase !== 'after') afterwards = [];
          if (step.effect.kind !== 'end') continue;
          if (step.effect.result.ok) {
            expect(sent).toBe(1);
            expect(afterwards.filter((byte) => (byte & 0x93) === 0x12)).toHaveLength(4);
          } else if (sent === 0) expect(step.effect.result.error.retry).toBe('transient');
          else expect(step.effect.result.error.retry).toBe('ambiguous');
        }
        expect(sent).toBeLessThanOrEqual(1);
      },
    ),
    { numRuns: 2_000 },
  );
});

describe('a signal for drawer or buzzer', () => {
  const pulse = (inOrder: 'untried' | 'yes' | 'no', now?: Uint8Array): Job => ({
    kind: 'signal',
    bytes: Uint8Array.of(0x1b, 0x70),
    now,
    inOrder,
  });
  const inRealTime = Uint8Array.of(0x10, 0x14);

  test('is never tried out with the in-order question, and the state afterwards proves the line', () => {
    const inputs = [...received(READY), { kind: 'sent' } as const, ...received(READY)];
    const { written, result } = play(pulse('untried', inRealTime), inputs);
    expect(written.filter((hex) => !hex.startsWith('1004'))).toEqual(['1b70']);
    expect(result).toMatchObject({ ok: true });
  });

  test('without paper it is given in real time, or refused where it cannot be', () => {
    const inputs = [...received(NO_PAPER), { kind: 'sent' } as const, ...received(NO_PAPER)];
    const given = play(pulse('yes', inRealTime), inputs);
    expect(given.written.filter((hex) => !hex.startsWith('1004'))).toEqual(['1014']);
    expect(given.result).toMatchObject({ ok: true });
    const refused = play(pulse('yes'), received(NO_PAPER));
    expect(refused.result).toMatchObject({ ok: false, error: { code: 'printer-paper-out' } });
  });

  test('silence before it is unreachable, silence after it is unknown', () => {
    expect(play(pulse('no', inRealTime), [{ kind: 'late' }]).result).toMatchObject({
      ok: false,
      error: { code: 'printer-unreachable', retry: 'transient' },
    });
    const after = [...received(READY), { kind: 'sent' } as const, { kind: 'late' } as const];
    expect(play(pulse('no', inRealTime), after).result).toMatchObject({
      ok: false,
      error: { code: 'printer-outcome-unknown', retry: 'ambiguous' },
    });
  });
});
