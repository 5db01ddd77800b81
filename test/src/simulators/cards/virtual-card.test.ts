import { describe, expect, it } from 'vitest';
import { assert } from '#core/assert';
import { concatBytes, fromHex, toHex } from '#core/hex';
import type { CardLike } from '#drivers/card-reader/port';
import {
  authenticationData,
  cardKey,
  encrypt,
  type KeyedAlgorithm,
  mac4,
  sessionKey,
} from '#simulators/cards/card-keys';
import { socialSecurityCard } from '#simulators/cards/social-security-card';
import { type RootKeyName, testRootKey } from '#simulators/cards/test-root-keys';
import { makeTrainingCard, type TrainingCardOptions, trainingCards } from '#simulators/cards/training-cards';
import { trainingFacts } from '#simulators/cards/training-facts';
import { VirtualCard } from '#simulators/cards/virtual-card';

const CHALLENGE = 'A1A2A3A4A5A6A7A8';
const RAW = '0102030405060708';
const SELECT_SSSE = '00A404000F7378312E73682EC9E7BBE1B1A3D5CF';

type CardId = 'A' | 'B' | 'C';

/** A card with power whose every challenge is the same eight bytes. */
function powered(id: CardId, options: TrainingCardOptions = {}): CardLike {
  const random = (length: number): Uint8Array => fromHex(CHALLENGE.repeat(2)).slice(0, length);
  const card = makeTrainingCard(id, { transport: 'one-step', random, ...options });
  card.powerOn();
  return card;
}

function send(card: CardLike, command: string): string {
  const answer = card.transmit(fromHex(command));
  assert(answer !== undefined, 'the card answers');
  return toHex(answer);
}

function sendAll(card: CardLike, ...commands: string[]): string[] {
  return commands.map((command) => send(card, command));
}

function algorithmOf(id: CardId): KeyedAlgorithm {
  return id === 'C' ? 'sm4' : 'tdes';
}

function factorsOf(id: CardId) {
  const entry = trainingCards.find((one) => one.id === id);
  assert(entry?.person !== undefined, 'the card has a person');
  return entry.person;
}

/** Command that opens key `number` made from `root` under the fixed challenge. */
function external(id: CardId, number: string, root: RootKeyName): string {
  const algorithm = algorithmOf(id);
  const data = authenticationData(algorithm, testRootKey(root, algorithm), factorsOf(id), CHALLENGE, RAW);
  return `008200${number}10${data}${RAW}`;
}

/** Maintenance command: header, optional plain block, MAC under the session key of `root`. */
function secured(id: CardId, header: string, root: RootKeyName, plain = ''): string {
  const algorithm = algorithmOf(id);
  const key = cardKey(algorithm, fromHex(testRootKey(root, algorithm)), factorsOf(id));
  const session = sessionKey(algorithm, key, fromHex(CHALLENGE));
  const cipher = encrypt(algorithm, session, fromHex(plain));
  const length = Uint8Array.of(cipher.length + 4);
  const message = concatBytes(fromHex(header), length, cipher);
  return toHex(concatBytes(message, mac4(algorithm, session, message)));
}

const CHALLENGE_COMMAND = '0084000008';
const WRONG_EXTERNAL = `0082000A10${'00'.repeat(8)}${RAW}`;

describe('a challenge', () => {
  it('serves once: a second external authentication is refused with 6984', () => {
    const card = powered('C');
    const open = external('C', '0A', 'RKSSSE');
    expect(send(card, open)).toBe('6984');
    send(card, CHALLENGE_COMMAND);
    expect(send(card, open)).toBe('9000');
    expect(send(card, open)).toBe('6984');
  });

  it('is used up by a failed authentication too', () => {
    const card = powered('C');
    send(card, CHALLENGE_COMMAND);
    expect(sendAll(card, WRONG_EXTERNAL, external('C', '0A', 'RKSSSE'))).toEqual(['63C2', '6984']);
  });

  it('is gone after another application or power-off', () => {
    const card = powered('B');
    sendAll(card, CHALLENGE_COMMAND, '00A4000002DF04');
    expect(send(card, external('B', '84', 'RK1DF04'))).toBe('6984');
    send(card, CHALLENGE_COMMAND);
    card.powerOff();
    card.powerOn();
    expect(send(card, external('B', '0A', 'RKSSSE'))).toBe('6984');
  });

  it('has 4, 8 or 16 bytes, fresh from the source each time', () => {
    const card = makeTrainingCard('B', { transport: 'one-step' });
    card.powerOn();
    const given = ['0084000004', CHALLENGE_COMMAND, '0084000010', CHALLENGE_COMMAND].map((one) =>
      send(card, one),
    );
    expect(given.map((one) => one.length)).toEqual([12, 20, 36, 20]);
    expect(given[1]).not.toBe(given[3]);
    expect(sendAll(card, '0084000005', '0084010008')).toEqual(['6700', '6A86']);
  });
});

describe('security status', () => {
  it('of key 0A opens EF06 of a 3.00 card, and another application closes it again', () => {
    const card = powered('C');
    expect(sendAll(card, '00A4020002EF06', '00B2080014')).toEqual(['9000', '6982']);
    expect(sendAll(card, CHALLENGE_COMMAND, external('C', '0A', 'RKSSSE')).at(1)).toBe('9000');
    expect(sendAll(card, '00A4020002EF06', '00B2080014').at(1)).toMatch(/^0812.*9000$/);
    expect(send(card, SELECT_SSSE)).toMatch(/9000$/);
    expect(sendAll(card, '00A4020002EF06', '00B2080014').at(1)).toMatch(/9000$/);
    sendAll(card, '00A4000002DF04', SELECT_SSSE);
    expect(sendAll(card, '00A4020002EF06', '00B2080014').at(1)).toBe('6982');
  });

  it('is lost by reset and by power-off', () => {
    for (const lose of [(card: CardLike) => card.reset(), (card: CardLike) => card.powerOn()]) {
      const card = powered('C');
      sendAll(card, CHALLENGE_COMMAND, external('C', '0A', 'RKSSSE'));
      lose(card);
      expect(send(card, '00B2013414')).toBe('6982');
    }
  });

  it('of the wrong key opens nothing', () => {
    const card = powered('C');
    expect(sendAll(card, CHALLENGE_COMMAND, external('C', '06', 'PUK')).at(1)).toBe('9000');
    expect(send(card, '00B2013414')).toBe('6982');
  });
});

describe('the medical file DF04/EF05', () => {
  const region = '00B2840005';

  it.each([
    ['PIN', '0020000003123456'],
    ['key 84', external('B', '84', 'RK1DF04')],
  ])('of a 2.00 card opens with %s', (_, proof) => {
    const card = powered('B');
    sendAll(card, '00A4000002DF04', '00A4020002EF05');
    expect(send(card, region)).toBe('6982');
    sendAll(card, CHALLENGE_COMMAND, proof);
    expect(send(card, region)).toBe('84039901009000');
  });

  it('of a 1.00 card opens with the PIN alone, and keeps the old length filled with E', () => {
    const card = powered('A');
    sendAll(card, '00A4000002DF04', CHALLENGE_COMMAND, external('A', '84', 'RK1DF04'));
    expect(send(card, '00B2842848')).toBe('6982');
    send(card, '0020000003123456');
    expect(send(card, '00B2842848')).toMatch(/^8446990100E+9000$/);
  });

  it('of settlements (EF06) needs the PIN and key 84 together', () => {
    const card = powered('B');
    sendAll(card, '00A4000002DF04', '0020000003123456');
    expect(send(card, '00B2903003')).toBe('6982');
    sendAll(card, CHALLENGE_COMMAND, external('B', '84', 'RK1DF04'));
    expect(send(card, '00B2903003')).toBe('9001309000');
  });
});

describe('the PIN', () => {
  it('counts down over power-off, comes back to full when right, and locks at zero', () => {
    const card = powered('B', { pinTries: 3 });
    expect(send(card, '0020000003000000')).toBe('63C2');
    card.powerOff();
    card.powerOn();
    expect(sendAll(card, '0020000000', '0020000003123456', '0020000000')).toEqual(['63C2', '9000', '63C3']);
    expect(sendAll(card, ...Array<string>(3).fill('0020000003111111'))).toEqual(['63C2', '63C1', '63C0']);
    expect(sendAll(card, '0020000003123456', '0020000000', '805E010007123456FF654321')).toEqual([
      '6983',
      '6983',
      '6983',
    ]);
  });

  it('proved once is unproved by a wrong try', () => {
    const card = powered('B');
    sendAll(card, '00A4000002DF04', '0020000003123456', '0020000003111111');
    expect(send(card, '00B2842805')).toBe('6982');
  });

  it('is not asked of a card that has none', () => {
    const card = new VirtualCard(
      socialSecurityCard({ ...trainingFacts.b, pin: { digits: '', maxTries: 3 } }),
      { transport: 'one-step' },
    );
    card.powerOn();
    expect(sendAll(card, '0020000000', '00A4000002DF04', '00B2842805').at(2)).toBe('84039901009000');
  });

  it('changes only with the right old one and to decimal digits', () => {
    const card = powered('B');
    expect(send(card, '805E010007111111FF654321')).toBe('63C5');
    expect(send(card, '805E010007123456FF65AA21')).toBe('6A80');
    expect(send(card, '805E01000412345600')).toBe('6A80');
    expect(send(card, '805E010007123456FF654321')).toBe('9000');
    card.powerOn();
    expect(sendAll(card, '0020000003123456', '0020000003654321')).toEqual(['63C5', '9000']);
  });

  it.each(['B', 'C'] as const)('of card %s is unblocked and reset only behind PUK and a right MAC', (id) => {
    const card = powered(id, { pinTries: 1 });
    expect(sendAll(card, '0020000003000000', '0020000003123456')).toEqual(['63C0', '6983']);
    const unblock = secured(id, '84240000', 'STK');
    expect(send(card, unblock)).toBe('6982');
    sendAll(card, CHALLENGE_COMMAND, external(id, '06', 'PUK'));
    expect(send(card, unblock)).toBe('6984');
    send(card, CHALLENGE_COMMAND);
    expect(send(card, unblock)).toBe('9000');
    expect(send(card, '0020000003123456')).toBe('9000');
    const plain = id === 'C' ? `0487654321${'80'.padEnd(22, '0')}` : '0487654321800000';
    send(card, CHALLENGE_COMMAND);
    expect(send(card, secured(id, '84240001', 'STK', plain))).toBe('9000');
    expect(send(card, '002000000487654321')).toBe('9000');
  });

  it('reset with an empty block leaves the card without a PIN', () => {
    const card = powered('B');
    sendAll(card, CHALLENGE_COMMAND, external('B', '06', 'PUK'), CHALLENGE_COMMAND);
    expect(sendAll(card, secured('B', '84240001', 'STK'), '0020000000')).toEqual(['9000', '9000']);
  });

  it('keeps its block rules: wrong MAC 6988, wrong fill 6A80, wrong length 6700, PUK locks after three', () => {
    const card = powered('B');
    sendAll(card, CHALLENGE_COMMAND, external('B', '06', 'PUK'), CHALLENGE_COMMAND);
    expect(send(card, secured('B', '84240001', 'STK', '0312345681000000'))).toBe('6A80');
    expect(send(card, '8424000106000000000000')).toBe('6700');
    for (const status of ['6988', '6988', '6988']) {
      send(card, CHALLENGE_COMMAND);
      expect(send(card, '842400000400000000')).toBe(status);
    }
    expect(send(card, '842400000400000000')).toBe('6983');
  });
});

describe('keys', () => {
  it('lock after three wrong authentications: 63C2, 63C1, 63C0, then 6983 for the right one', () => {
    const card = powered('C');
    const answers = [WRONG_EXTERNAL, WRONG_EXTERNAL, WRONG_EXTERNAL, external('C', '0A', 'RKSSSE')].map(
      (command) => {
        send(card, CHALLENGE_COMMAND);
        return send(card, command);
      },
    );
    expect(answers).toEqual(['63C2', '63C1', '63C0', '6983']);
  });

  it('that the application does not hold are 6A88, for both authentications', () => {
    const card = powered('B');
    expect(send(card, `0082008410${'00'.repeat(16)}`)).toBe('6A88');
    expect(send(card, `0088000A10${'00'.repeat(16)}`)).toBe('6A88');
    send(card, '00A4000002DF04');
    expect(send(card, `0088000010${'00'.repeat(16)}`)).toBe('6A88');
  });
});

describe('SELECT', () => {
  it.each([
    ['by name', '00A4040006D15600000503', '6F088406D156000005039000'],
    ['by part of the name, first match', '00A4040005D156000005', '6F088406D156000005009000'],
    ['by number below the environment', '00A4010002DF03', '6F088406D156000005029000'],
    [
      'of the master file by number',
      '00A40000023F00',
      '6F16840F7378312E73682EC9E7BBE1B1A3D5CFA50388011E9000',
    ],
    ['of the master file without data', '00A4000000', '6F16840F7378312E73682EC9E7BBE1B1A3D5CFA50388011E9000'],
    ['of a file as an application, as public software does', '00A4000002EF05', '9000'],
    ['of an unknown name', '00A4040006A00000033301', '6A82'],
    ['of an unknown file', '00A4020002EF1F', '6A82'],
    ['with a wrong P1', '00A4030002EF05', '6A86'],
    ['with a wrong P2', '00A4020102EF05', '6A86'],
    ['with a number of one byte', '00A4020001EF', '6700'],
  ])('%s', (_, command, answer) => {
    expect(send(powered('B'), command)).toBe(answer);
  });

  it('goes on to the next application with the same beginning of the name', () => {
    const card = powered('B');
    const first = send(card, '00A4040005D156000005');
    const others = Array.from({ length: 5 }, () => send(card, '00A4040205D156000005'));
    expect([first, ...others].map((answer) => answer.slice(-4))).toEqual([
      '9000',
      '9000',
      '9000',
      '9000',
      '9000',
      '6A82',
    ]);
    expect(others[2]).toContain('D15600000503');
  });

  it('of the master file by number fails on cards of some cities, the name still works', () => {
    const card = powered('B', { fidSelectFails: true });
    expect(sendAll(card, '00A40000023F00', '00A4000002DDF1')).toEqual(['6A82', '6A82']);
    expect(send(card, SELECT_SSSE)).toMatch(/9000$/);
    expect(send(card, '00A4020002EF05')).toBe('9000');
  });
});

describe('READ RECORD', () => {
  function reading(records: string[]): CardLike {
    const facts = socialSecurityCard(trainingFacts.b);
    const [environment, ...others] = facts.files;
    const files = environment.files.map((file) =>
      file.fid === 'EF05'
        ? { ...file, content: { kind: 'records', records: records.map(fromHex) } as const }
        : file,
    );
    const card = new VirtualCard(
      { ...facts, files: [{ ...environment, files }, ...others] },
      { transport: 'merged' },
    );
    card.powerOn();
    return card;
  }

  it('finds the first, last, next and previous instance of a tag', () => {
    const card = reading(['400101', '410102', '400103', '400104']);
    send(card, '00A4020002EF05');
    const wanted = ['00B2400000', '00B2400200', '00B2400200', '00B2400200', '00B2400300', '00B2400100'];
    expect(sendAll(card, ...wanted)).toEqual([
      '4001019000',
      '4001039000',
      '4001049000',
      '6A83',
      '4001039000',
      '4001049000',
    ]);
  });

  it('reads by number, current record, from a number to the last and from the last to a number', () => {
    const card = reading(['400101', '410102', '420103']);
    const wanted = ['00B2022C00', '00B2002C00', '00B2022D00', '00B2022E00', '00B2042C00', '00B2022F00'];
    expect(sendAll(card, ...wanted)).toEqual([
      '4101029000',
      '4101029000',
      '4101024201039000',
      '4201034101029000',
      '6A83',
      '6A86',
    ]);
  });

  it('needs a current file, the right kind of file and an existing one', () => {
    const card = powered('B');
    expect(sendAll(card, '00B2010403', '00B0000003', '00B2019403', '00B0850003')).toEqual([
      '6986',
      '6986',
      '6A82',
      '6981',
    ]);
  });

  it('answers a wrong length with the right one and never gives data for Le 00', () => {
    const card = powered('B');
    expect(sendAll(card, '00B2012C00', '00B2012C', '00B2012C20', '00B2012C12')).toEqual([
      '6C12',
      '6C12',
      '6C12',
      '0110990100D15600000500000002A1B2C3029000',
    ]);
  });
});

describe('T=0', () => {
  it('GET RESPONSE gives what waits, once, in parts if wanted, and is lost by any other command', () => {
    const card = powered('B', { transport: 'contact' });
    expect(sendAll(card, SELECT_SSSE, '00C0000000', '00C00000FF')).toEqual(['6118', '6C18', '6C18']);
    expect(send(card, '00C0000010')).toMatch(/6108$/);
    expect(send(card, '00C0000008')).toMatch(/9000$/);
    expect(send(card, '00C0000008')).toBe('6F00');
    sendAll(card, SELECT_SSSE, '0084000008');
    expect(sendAll(card, '00C0000018', '00C0010018')).toEqual(['6F00', '6A86']);
  });

  it('a command with a trailing Le is the same command', () => {
    const card = powered('B', { transport: 'contact' });
    expect(send(card, `${SELECT_SSSE}00`)).toBe('6118');
  });
});

describe('what the card does not know', () => {
  it.each([
    ['class', 'B026000104', '6E00'],
    ['instruction', '00DA010400', '6D00'],
    ['too short a command', '00A4', '6700'],
    ['data of another length than Lc', '0020000003123456789A', '6700'],
    ['a PIN of one byte', '002000000112', '6700'],
    ['another PIN number', '0020008103123456', '6A86'],
    ['internal authentication of wrong length', `0088000008${'00'.repeat(8)}`, '6700'],
    ['external authentication without data', '0082000A00', '6700'],
  ])('%s', (_, command, status) => {
    expect(send(powered('B'), command)).toBe(status);
  });

  it('without power it is mute', () => {
    const card = makeTrainingCard('B');
    expect(card.transmit(fromHex(SELECT_SSSE))).toBeUndefined();
  });
});

describe('locking', () => {
  it('an application by MAC of STK: 9303 from then on, also after power-off', () => {
    const card = powered('B');
    sendAll(card, '00A4000002DF04', CHALLENGE_COMMAND);
    expect(send(card, secured('B', '841E0001', 'STK'))).toBe('9000');
    expect(send(card, CHALLENGE_COMMAND)).toBe('9303');
    card.powerOn();
    expect(send(card, '00A4000002DF04')).toBe('9303');
    expect(send(card, '00B2012C12')).toMatch(/9000$/);
  });

  it('the card by MAC of its lock key: 6A81 to everything from then on', () => {
    const card = powered('B');
    send(card, CHALLENGE_COMMAND);
    expect(send(card, secured('B', '84160000', 'STK'))).toBe('6988');
    send(card, CHALLENGE_COMMAND);
    expect(send(card, secured('B', '84160000', 'BK'))).toBe('9000');
    card.powerOn();
    expect(sendAll(card, SELECT_SSSE, '0020000000')).toEqual(['6A81', '6A81']);
  });
});
