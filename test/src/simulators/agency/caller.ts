import { afterEach } from 'vitest';
import { businessDateTime, compactDateTime } from '#core/business-time';
import { type Clock, systemClock } from '#core/clock';
import { type Infno, transactionPaths } from '#simulators/agency/paths';
import type { InsuredPerson } from '#simulators/agency/person';
import {
  type AgencySimulator,
  type AgencySimulatorOptions,
  startAgencySimulator,
} from '#simulators/agency/simulator';
import { formatJson, halfUp, isObject, numberText, parseJson, wireNumber } from '#simulators/agency/wire';
import { trainingPolicies } from '../../../helpers/policies.ts';

export const catalog = [
  { nationalCode: 'XA-JIA', class: 'A', firstSelfPayRatio: 0n },
  { nationalCode: 'XB-YI', class: 'B', firstSelfPayRatio: 1000n },
  { nationalCode: 'XB-CEILING', class: 'B', firstSelfPayRatio: 500n, ceiling: 30_000_000n },
  { nationalCode: 'ZC-BING', class: 'C', firstSelfPayRatio: 10_000n },
] as const;

export interface Line {
  readonly code: string;
  /** 10⁻⁴. */
  readonly count: bigint;
  /** 10⁻⁶ yuan. */
  readonly price: bigint;
}

export const oneBox: readonly Line[] = [{ code: 'XA-JIA', count: 20_000n, price: 12_500_000n }];

type Json = Record<string, unknown>;

/** An answer with its numbers as text. */
export interface Answer {
  readonly status: number;
  readonly infcode: string;
  readonly text: string;
  readonly output: Json;
  readonly envelope: Json;
  readonly bytes: Uint8Array;
}

const running: AgencySimulator[] = [];

afterEach(async () => {
  for (const simulator of running.splice(0)) await simulator.stop();
});

export async function start(options: Partial<AgencySimulatorOptions> = {}): Promise<AgencySimulator> {
  const simulator = await startAgencySimulator({
    clock: systemClock,
    catalog,
    policies: trainingPolicies(),
    ...options,
  });
  running.push(simulator);
  return simulator;
}

export async function stop(simulator: AgencySimulator): Promise<void> {
  running.splice(running.indexOf(simulator), 1);
  await simulator.stop();
}

/** A small terminal of the tests: fills envelopes, sends them over HTTP and reads the answers. */
export class Caller {
  readonly #simulator: AgencySimulator;
  readonly #clock: Clock;
  #sequence = 0;
  signNumber = '';

  constructor(simulator: AgencySimulator, clock: Clock = systemClock) {
    this.#simulator = simulator;
    this.#clock = clock;
  }

  messageId(): string {
    this.#sequence += 1;
    return `P99010000001${compactDateTime(this.#clock.nowMs())}${String(this.#sequence).padStart(4, '0')}`;
  }

  envelope(infno: Infno, input: Json): Json {
    return {
      infno,
      msgid: this.messageId(),
      mdtrtarea_admvs: '990100',
      insuplc_admdvs: '990100',
      recer_sys_code: 'YBXT',
      dev_no: 'POS-03',
      dev_safe_info: '',
      cainfo: '',
      signtype: '',
      infver: 'V1.0',
      opter_type: '1',
      opter: '0103',
      opter_name: '收银员甲',
      inf_time: businessDateTime(this.#clock.nowMs()),
      fixmedins_code: 'P99010000001',
      fixmedins_name: '示例大药房',
      sign_no: this.signNumber,
      input,
    };
  }

  async post(infno: Infno, message: Json, headers: Record<string, string> = {}): Promise<Answer> {
    return this.postText(infno, formatJson(message), headers);
  }

  async postText(infno: Infno, body: string, headers: Record<string, string> = {}): Promise<Answer> {
    const response = await fetch(`${this.#simulator.url}${transactionPaths[infno]}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', connection: 'close', ...headers },
      body,
    });
    return readAnswer(response.status, new Uint8Array(await response.arrayBuffer()));
  }

  call(infno: Infno, input: Json): Promise<Answer> {
    return this.post(infno, this.envelope(infno, input));
  }

  async signIn(): Promise<void> {
    const answer = await this.call('9001', { signIn: { opter_no: '0103', mac: '', ip: '10.20.30.43' } });
    this.signNumber = String(node(answer.output, 'signinoutb')['sign_no']);
  }

  /** Signs in another institution; answers its sign-in number. */
  async signInAt(institution: string): Promise<string> {
    const message = this.envelope('9001', { signIn: { opter_no: '0103', mac: '', ip: '10.20.30.44' } });
    const msgid = `${institution}${String(message['msgid']).slice(12)}`;
    const answer = await this.post('9001', { ...message, msgid, fixmedins_code: institution, sign_no: '' });
    return String(node(answer.output, 'signinoutb')['sign_no']);
  }

  /** 1162: decodes what a phone shows. */
  decode(qrText: string): Promise<Answer> {
    return this.call('1162', {
      data: {
        orgId: 'P99010000001',
        businessType: '02121',
        operatorId: '0103',
        operatorName: '收银员甲',
        officeId: 'YD01',
        officeName: '药店',
        deviceType: '',
        ecQrCode: qrText,
      },
    });
  }

  druginfo(person: InsuredPerson, lines: readonly Line[], more: Json = {}): Json {
    return {
      psn_no: person.personNumber,
      mdtrt_cert_type: '02',
      mdtrt_cert_no: person.certificateNumber,
      begntime: businessDateTime(this.#clock.nowMs()),
      medfee_sumamt: wireNumber(totalOf(lines), 2),
      insutype: person.schemes[0]?.scheme,
      dise_codg: '',
      dise_name: '',
      acct_used_flag: '1',
      med_type: '41',
      ...more,
    };
  }

  basket(person: InsuredPerson, lines: readonly Line[], more: Json = {}): Json {
    const occurred = businessDateTime(this.#clock.nowMs());
    return {
      druginfo: this.druginfo(person, lines, more),
      drugdetail: lines.map((line, index) => ({
        feedetl_sn: `S-${index + 1}`,
        rxno: '',
        rx_circ_flag: '0',
        fee_ocur_time: occurred,
        med_list_codg: line.code,
        medins_list_codg: `SHOP-${index + 1}`,
        det_item_fee_sumamt: wireNumber(amountOf(line), 2),
        cnt: wireNumber(line.count, 4),
        pric: wireNumber(line.price, 6),
      })),
    };
  }

  settlement(person: InsuredPerson, lines: readonly Line[], saleNumber: string, more: Json = {}): Json {
    return this.envelope('2102', this.basket(person, lines, { invono: saleNumber, ...more }));
  }

  reversal(person: InsuredPerson, messageId: string, infno = '2102'): Promise<Answer> {
    return this.call('2601', {
      data: { psn_no: person.personNumber, omsgid: messageId, oinfno: infno },
    });
  }

  cancellation(person: InsuredPerson, settled: Answer): Promise<Answer> {
    const info = node(settled.output, 'setlinfo');
    return this.call('2103', {
      data: { setl_id: info['setl_id'], mdtrt_id: info['mdtrt_id'], psn_no: person.personNumber },
    });
  }
}

export function amountOf(line: Line): bigint {
  return halfUp(line.count * line.price, 100_000_000n);
}

export function totalOf(lines: readonly Line[]): bigint {
  return lines.reduce((all, line) => all + amountOf(line), 0n);
}

export function node(output: Json, name: string): Json {
  const value = output[name];
  if (!isObject(value)) throw new Error(`no node ${name} in ${JSON.stringify(output)}`);
  return value;
}

export function rows(output: Json, name: string): Json[] {
  const value = output[name];
  if (!Array.isArray(value)) throw new Error(`no list ${name}`);
  return value.filter(isObject);
}

/** An amount of an answer in fen; throws when the field is no number with two decimals. */
export function fenOf(row: Json, field: string): bigint {
  const text = numberText(row[field]);
  if (text === undefined || !/^-?\d+\.\d\d$/.test(text)) throw new Error(`${field} is ${String(row[field])}`);
  return BigInt(text.replace('.', ''));
}

function readAnswer(status: number, bytes: Uint8Array): Answer {
  const parsed = parseJson(Buffer.from(bytes).toString('utf8'));
  const envelope = parsed.ok && isObject(parsed.value) ? parsed.value : {};
  return {
    status,
    infcode: numberText(envelope['infcode']) ?? '',
    text: String(envelope['err_msg'] ?? ''),
    output: isObject(envelope['output']) ? envelope['output'] : {},
    envelope,
    bytes,
  };
}
