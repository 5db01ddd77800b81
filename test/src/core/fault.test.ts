import { describe, expect, test } from 'vitest';
import { type FaultCode, fault, faultTable } from '#core/fault';

describe('the fault table', () => {
  const codes = Object.keys(faultTable) as FaultCode[];

  test('every code is lower case words joined by hyphens', () => {
    expect(codes.filter((code) => !/^[a-z]+(?:-[a-z0-9]+)+$/.test(code))).toEqual([]);
  });

  test('every fault has a retry class, both languages and a next step in both', () => {
    for (const code of codes) {
      const { retry, zh, en, nextZh, nextEn } = fault(code);
      expect(['transient', 'ambiguous', 'permanent'], code).toContain(retry);
      expect(zh, code).toMatch(/\p{Script=Han}/u);
      expect(nextZh, code).toMatch(/\p{Script=Han}/u);
      expect(en, code).toMatch(/^[A-Z0-9]/);
      expect(nextEn.length, code).toBeGreaterThan(3);
    }
  });

  test('no two codes say the same sentence', () => {
    const sentences = codes.map((code) => fault(code).zh);
    expect(new Set(sentences).size).toBe(sentences.length);
  });
});
