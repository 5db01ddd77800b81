import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { checkConfig, parseConfig } from '#core/config/parse';
import { configSchema } from '#core/config/schema';
import { yuan } from '#core/money';

const example = readFileSync(new URL('../../../guitai.example.toml', import.meta.url), 'utf8');

describe('guitai.toml', () => {
  test('an empty file gives every default', () => {
    const config = parseConfig('', {});
    expect(config.ok && config.value.server.port).toBe(8060);
    expect(config.ok && config.value.offline.enabled).toBe(false);
    expect(config.ok && config.value.limits.account_per_sale).toBe(yuan('1000.00'));
  });

  test('the example file shows the defaults and names every key', () => {
    expect(parseConfig(example, {})).toEqual(parseConfig('', {}));
    for (const [table, schema] of Object.entries(configSchema.shape)) {
      expect(example, table).toContain(`[${table}]`);
      const inner = schema.def.innerType;
      if (!('shape' in inner)) continue;
      for (const key of Object.keys(inner.shape)) expect(example, `${table}.${key}`).toMatch(new RegExp(key));
    }
  });

  test('the environment overrides the file', () => {
    const config = parseConfig('[server]\nport = 1', {
      GUITAI_PORT: '9000',
      GUITAI_PRINTER: 'tcp://127.0.0.1:9100',
      GUITAI_READER: 'Feitian',
      GUITAI_DATA_DIR: 'elsewhere',
      GUITAI_AGENCY_URL: 'https://agency.invalid/x',
    });
    expect(
      config.ok && [config.value.server.port, config.value.printer.address, config.value.reader.name],
    ).toEqual([9000, 'tcp://127.0.0.1:9100', 'Feitian']);
    expect(config.ok && [config.value.data.folder, config.value.agency.url]).toEqual([
      'elsewhere',
      'https://agency.invalid/x',
    ]);
  });

  test.each([
    ['a misspelt key', '[server]\nprot = 1', {}, 'server'],
    ['an unknown table', '[serber]\n', {}, 'serber'],
    ['a port that is no number', '', { GUITAI_PORT: 'abc' }, 'server.port'],
    ['money as a floating number', '[limits]\naccount_per_sale = 300.5', {}, 'limits.account_per_sale'],
    ['negative money', '[limits]\naccount_per_sale = "-1"', {}, 'limits.account_per_sale'],
    ['a printer address of no known kind', '[printer]\naddress = "lpt1"', {}, 'printer.address'],
    ['offline without the document that allows it', '[offline]\nenabled = true', {}, 'offline.basis'],
    [
      'an institution code of the wrong shape',
      '[shop]\ninstitution_code = "X1"',
      {},
      'shop.institution_code',
    ],
    ['two operators with one number', operators('1', '1'), {}, 'operators'],
    ['broken TOML', '[server\nport = 1', {}, 'line 1'],
  ])('%s is refused and the place is named', (_name, text, environment, place) => {
    const config = parseConfig(text, environment);
    expect(config.ok ? '' : config.error.code).toBe('config-invalid');
    expect(config.ok ? '' : config.error.detail).toContain(place);
    // Who sets the shop up reads it in the office as well.
    const checked = checkConfig(text, environment);
    for (const { zh, en } of checked.ok ? [] : checked.error) {
      expect(zh).toMatch(/[\u4e00-\u9fff]/);
      expect(en).toMatch(/^[\x20-\x7e]+$/);
    }
  });
});

function operators(...numbers: string[]): string {
  const hash = `scrypt$${'a'.repeat(22)}$${'b'.repeat(43)}`;
  return numbers
    .map((number) => `[[operators]]\nnumber = "${number}"\nname = "甲"\npin_hash = "${hash}"\n`)
    .join('');
}
