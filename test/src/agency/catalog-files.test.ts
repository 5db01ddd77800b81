import { gzipSync } from 'node:zlib';
import { zipSync } from 'fflate';
import { afterEach, describe, expect, test } from 'vitest';
import type { AgencyPort } from '#agency/port';
import { clientFor, context, httpAnswer, type Peer, startPeer } from './peer.ts';

const peers: Peer[] = [];
afterEach(async () => {
  for (const peer of peers.splice(0)) await peer.close();
});

async function agencyThat(answer: Buffer | string): Promise<{ client: AgencyPort; peer: Peer }> {
  const peer = await startPeer((socket) =>
    socket.end(typeof answer === 'string' ? httpAnswer(answer) : answer),
  );
  peers.push(peer);
  return { client: clientFor(peer.url), peer };
}

const inputOf = (peer: Peer): unknown =>
  (JSON.parse(peer.heard[0]?.body ?? '{}') as { input?: unknown }).input;
const success = (output: unknown) => JSON.stringify({ infcode: 0, output });
const refusal = (text: string) => JSON.stringify({ infcode: -1, err_msg: text, output: null });
const ticket = { fileNumber: 'fsi/plc/EXAMPLE1301', fileName: '1301_20250911.txt.zip', rows: 1532 };
const output = {
  file_qury_no: 'fsi/plc/EXAMPLE1301',
  filename: '1301_20250911.txt.zip',
  dld_end_time: '2025-09-18',
  data_cnt: 1532,
};

describe('1301 asks for what is newer than the version held', () => {
  test('with the version at the address of the table, and gets a ticket with the number of rows', async () => {
    const { client, peer } = await agencyThat(success(output));
    const outcome = await client.catalogFile('1301', 'F001_20250801000000_A', context);
    expect(outcome).toMatchObject({ kind: 'success', value: ticket });
    expect(peer.heard[0]?.path).toBe('/fsi/api/catalogdownservice/downCatalog1301');
    expect(inputOf(peer)).toEqual({ data: { ver: 'F001_20250801000000_A' } });
  });

  test.each([
    ['the count spelt data_cn and as text', { ...output, data_cnt: undefined, data_cn: '1532' }, ticket],
    ['no rows at all', { ...output, data_cnt: 0 }, undefined],
    ['no rows and no file', { file_qury_no: null, filename: null, data_cnt: '0' }, undefined],
    [
      'a file without a count',
      { file_qury_no: 'F', filename: 'f.zip' },
      { fileNumber: 'F', fileName: 'f.zip' },
    ],
  ])('%s is understood', async (_what, answer, value) => {
    const { client } = await agencyThat(success(answer));
    const outcome = await client.catalogFile('1301', '0', context);
    expect(outcome).toMatchObject({ kind: 'success' });
    expect(outcome.kind === 'success' && outcome.value).toEqual(value);
  });

  test.each(['当前版本已是最新', 'FSI-没有新的目录数据[catalogBO_1]', '暂无可下载的数据'])(
    'a refusal that only says %s means that nothing is newer',
    async (words) => {
      const { client } = await agencyThat(refusal(words));
      expect(await client.catalogFile('1305', 'V9', context)).toMatchObject({
        kind: 'success',
        value: undefined,
      });
    },
  );

  test.each(['机构没有下载数据的权限', '接口未开通', '系统没有更新完成'])(
    'a refusal that says %s stays a refusal',
    async (words) => {
      const { client } = await agencyThat(refusal(words));
      expect(await client.catalogFile('1305', 'V9', context)).toMatchObject({
        kind: 'refused',
        fault: { code: 'agency-refused' },
        agencyText: words,
      });
    },
  );

  test.each([
    ['nothing', success(null)],
    ['rows without a file', success({ data_cnt: 3 })],
    ['a negative count', success({ ...output, data_cnt: -1 })],
    ['a count that is no number', success({ ...output, data_cnt: 'many' })],
    ['a file number that is an object', success({ ...output, file_qury_no: { a: 1 } })],
    ['a file number longer than any path', success({ ...output, file_qury_no: 'x'.repeat(201) })],
    ['half an answer', success(output).slice(0, 40)],
  ])('%s is a catalogue answer that is not understood, and no file', async (_what, answer) => {
    const { client } = await agencyThat(answer);
    expect(await client.catalogFile('1301', '0', context)).toMatchObject({
      kind: 'unknown',
      fault: { code: 'catalog-answer-garbled', retry: 'transient' },
    });
  });

  test('an empty version and a table that comes in pages are not sent at all', async () => {
    const { client, peer } = await agencyThat(success(output));
    const code = 'agency-message-invalid';
    expect(await client.catalogFile('1301', '', context)).toMatchObject({ kind: 'refused', fault: { code } });
    expect(await client.catalogFile('1312', '0', context)).toMatchObject({
      kind: 'refused',
      fault: { code },
    });
    expect(peer.heard).toHaveLength(0);
  });
});

describe('9102 of a catalogue file', () => {
  const zip = Buffer.from(zipSync({ 'a.txt': Buffer.alloc(300_000, 'x\t') }, { level: 0 }));

  async function fetched(client: AgencyPort, keep: (size: number) => boolean = () => true) {
    const pieces: Uint8Array[] = [];
    let size = 0;
    const accept = async (piece: Uint8Array) => {
      pieces.push(piece);
      size += piece.length;
      return keep(size);
    };
    const outcome = await client.fetchCatalogFile(ticket, accept, context);
    return { outcome, bytes: Buffer.concat(pieces) };
  }

  test('asks under the fixed name, and hands the bytes on piece by piece, unchanged', async () => {
    const { client, peer } = await agencyThat(httpAnswer(zip));
    const { outcome, bytes } = await fetched(client);
    expect(outcome).toMatchObject({ kind: 'success', value: zip.length, answer: '' });
    expect(bytes.equals(zip)).toBe(true);
    expect(peer.heard[0]?.path).toBe('/fsi/api/fileupload/download');
    expect(inputOf(peer)).toEqual({
      fsDownloadIn: {
        file_qury_no: 'fsi/plc/EXAMPLE1301',
        filename: 'plc',
        fixmedins_code: 'P99010699901',
      },
    });
  });

  test('a gateway that packs the transfer although asked not to is unpacked on the way', async () => {
    const packed = httpAnswer(gzipSync(zip), 200, { 'content-encoding': 'gzip' });
    const { client } = await agencyThat(packed);
    const { outcome, bytes } = await fetched(client);
    expect(outcome.kind).toBe('success');
    expect(bytes.equals(zip)).toBe(true);
  });

  test('a file larger than the 4 MB of other answers comes through', async () => {
    const large = Buffer.concat([zip.subarray(0, 2), Buffer.alloc(9_000_000, 7)]);
    const { client } = await agencyThat(httpAnswer(large));
    const { outcome } = await fetched(client);
    expect(outcome).toMatchObject({ kind: 'success', value: large.length });
  });

  test('a refusal in place of the file is a refusal with its words', async () => {
    const { client } = await agencyThat(refusal('FSI-文件不存在[fileDownloadBO_1001]'));
    const { outcome, bytes } = await fetched(client);
    expect(outcome).toMatchObject({ kind: 'refused', agencyText: 'FSI-文件不存在[fileDownloadBO_1001]' });
    expect(bytes).toHaveLength(0);
  });

  test.each([
    ['an answer without a file', success({}), 'catalog-answer-garbled'],
    ['a page of a proxy', '<html>blocked</html>', 'catalog-answer-garbled'],
    ['one byte', 'P', 'catalog-answer-garbled'],
    ['no byte', '', 'catalog-answer-garbled'],
    ['a transfer that breaks off', httpAnswer(zip).subarray(0, 200_000), 'catalog-answer-missing'],
    [
      'a broken packing',
      httpAnswer(Buffer.concat([gzipSync(zip).subarray(0, 400), Buffer.alloc(50)]), 200, {
        'content-encoding': 'gzip',
      }),
      'catalog-answer-missing',
    ],
    ['an unknown packing', httpAnswer(zip, 200, { 'content-encoding': 'zstd' }), 'catalog-answer-garbled'],
    ['a server error', httpAnswer(zip, 502), 'catalog-answer-missing'],
  ])('%s is a coded fault', async (_what, answer, code) => {
    const { client } = await agencyThat(answer);
    const { outcome } = await fetched(client);
    expect(outcome).toMatchObject({ kind: 'unknown', fault: { code, retry: 'transient' } });
  });

  test('a receiver whose disk is full ends the transfer', async () => {
    const { client } = await agencyThat(httpAnswer(Buffer.concat([zip, Buffer.alloc(3_000_000)])));
    const { outcome, bytes } = await fetched(client, () => false);
    expect(outcome).toMatchObject({ kind: 'unknown', fault: { detail: 'answer-not-kept' } });
    expect(bytes.length).toBeLessThan(3_000_000);
  });

  test('an agency that falls silent inside the file is given up after its time', async () => {
    const peer = await startPeer((socket) => socket.write(httpAnswer(zip).subarray(0, 100_000)));
    peers.push(peer);
    const client = clientFor(peer.url, { timeouts: { answerMs: 150 } });
    const { outcome } = await fetched(client);
    expect(outcome).toMatchObject({
      kind: 'unknown',
      fault: { code: 'catalog-answer-missing', detail: 'answer-timeout' },
    });
  });
});
