import { afterEach, expect, test } from 'vitest';
import { systemClock } from '#core/clock';
import type { DeviceState } from '#core/domain/device';
import { fault } from '#core/fault';
import { openSerialLine, type SerialLine, type SerialLineOptions } from '#drivers/serial/line';
import { SerialPeer, until } from '../../helpers/serial-peer.ts';

const ends: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const end of ends.splice(0).reverse()) await end();
});

function peer(): SerialPeer {
  const made = new SerialPeer();
  ends.push(() => made.stop());
  return made;
}

function line(path: string, more: Partial<SerialLineOptions> = {}): SerialLine {
  const made = openSerialLine({
    address: { path, baudRate: 9600, flow: 'none' },
    clock: systemClock,
    missingFault: (detail) => fault('pin-pad-missing', detail),
    retryMs: 50,
    ...more,
  });
  ends.push(() => made.stop());
  return made;
}

test('bytes pass both ways over a real pseudo-terminal', async () => {
  const far = peer();
  await far.plug();
  const there: number[] = [];
  const here: number[] = [];
  far.onBytes = (bytes) => there.push(...bytes);
  const near = line(far.path);
  expect(near.state()).toEqual({ kind: 'idle' });
  near.onBytes((bytes) => here.push(...bytes));
  await near.start();
  expect(near.state()).toEqual({ kind: 'ready' });
  const all = Uint8Array.from({ length: 256 }, (_, index) => index);
  expect(await near.write(all)).toEqual({ ok: true, value: undefined });
  far.send(all);
  await until(() => there.length === 256 && here.length === 256, 'all bytes came');
  expect(there).toEqual([...all]);
  expect(here).toEqual([...all]);
});

test('a port that is missing at start is a fault, and is taken up by itself once it is plugged in', async () => {
  const far = peer();
  const near = line(far.path);
  await near.start();
  expect(near.state()).toMatchObject({ kind: 'fault', fault: { code: 'pin-pad-missing' } });
  expect(await near.write(Uint8Array.of(1))).toMatchObject({ ok: false, error: { code: 'pin-pad-missing' } });
  await far.plug();
  await until(() => near.state().kind === 'ready', 'the line came up');
});

test('unplugged three times, also while silent: told each time, and bytes pass again each time', async () => {
  const far = peer();
  await far.plug();
  const near = line(far.path);
  const told: DeviceState['kind'][] = [];
  near.onState((state) => told.push(state.kind));
  await near.start();
  for (let round = 0; round < 3; round += 1) {
    await far.unplug();
    await until(() => near.state().kind === 'fault', 'the unplug was noticed');
    await far.plug();
    await until(() => near.state().kind === 'ready', 'the line came back');
    let came = 0;
    far.onBytes = (bytes) => {
      came += bytes.length;
    };
    expect(await near.write(Uint8Array.of(round))).toMatchObject({ ok: true });
    await until(() => came === 1, 'the byte came');
  }
  expect(told).toEqual(['ready', 'fault', 'ready', 'fault', 'ready', 'fault', 'ready']);
});

test('a device that takes no bytes any more: the write ends at its deadline with the fault', async () => {
  const far = peer();
  await far.plug();
  const near = line(far.path, { writeMs: 200 });
  await near.start();
  far.hold(true);
  const answer = await near.write(new Uint8Array(1_000_000));
  expect(answer).toMatchObject({ ok: false, error: { code: 'pin-pad-missing' } });
  expect(near.state().kind).toBe('fault');
  far.hold(false);
  await until(() => near.state().kind === 'ready', 'the line came back');
});

test('with a probe the line is ready only while the device answers', async () => {
  const far = peer();
  await far.plug();
  let answers = false;
  let asked = 0;
  const near = line(far.path, {
    probe: () => {
      asked += 1;
      if (asked === 2) return Promise.reject(new Error('a broken probe'));
      if (asked === 3) return new Promise(() => undefined);
      return Promise.resolve(answers);
    },
    probeEveryMs: 20,
    probeMs: 100,
  });
  await near.start();
  expect(near.state()).toMatchObject({ kind: 'fault', fault: { detail: 'the device does not answer' } });
  await until(() => asked > 3, 'it was asked again');
  answers = true;
  await until(() => near.state().kind === 'ready', 'the line came up');
  answers = false;
  await until(() => near.state().kind === 'fault', 'the silence was noticed');
});

test('after stop nothing is told or opened any more, and stop may be called twice', async () => {
  const far = peer();
  await far.plug();
  const near = line(far.path);
  let told = 0;
  near.onState(() => {
    told += 1;
  });
  await near.start();
  await near.stop();
  await near.stop();
  expect(near.state()).toEqual({ kind: 'idle' });
  expect(await near.write(Uint8Array.of(1))).toMatchObject({ ok: false });
  expect(told).toBe(1);
});

test('a path that is no serial port is a fault and no exception', async () => {
  for (const path of ['/dev/null', '/', 'no such \u0000 name', '']) {
    const near = line(path);
    await near.start();
    expect(near.state().kind).toBe('fault');
  }
});
