import type { KeyedAlgorithm } from './card-keys.ts';

/** Root keys that a card or security module of the training shop is made from. All invented, public test values. */
export type RootKeyName =
  | 'IRK'
  | 'STK'
  | 'UKSSSE'
  | 'BK'
  | 'PUK'
  | 'RKSSSE'
  | 'RK1DF01'
  | 'RK1DF02'
  | 'RK1DF03'
  | 'RK2DF03'
  | 'RK1DF04'
  | 'DLK'
  | 'DPK'
  | 'DTK';

/** 32 hex digits each: IRK internal authentication, STK maintenance, PUK unblocking, RK reading, BK locking. */
export const testRootKeys: Readonly<Record<RootKeyName, string>> = {
  IRK: '00112233445566778899AABBCCDDEEFF',
  STK: 'B0B1B2B3B4B5B6B7B8B9BABBBCBDBEBF',
  UKSSSE: '90919293949596979899A9A8A7A6A5A4',
  BK: '80818283848586878889A9A8A7A6A5A4',
  PUK: 'A0A1A2A3A4A5A6A7A8A9AAABACADAEAF',
  RKSSSE: '0F1E2D3C4B5A69788796A5B4C3D2E1F0',
  RK1DF01: '10111213141516171819A9A8A7A6A5A4',
  RK1DF02: '20212223242526272829A9A8A7A6A5A4',
  RK1DF03: '30313233343536373839A9A8A7A6A5A4',
  RK2DF03: '40414243444546474849A9A8A7A6A5A4',
  RK1DF04: 'E0E1E2E3E4E5E6E7E8E9EAEBECEDEEEF',
  DLK: 'F0F1F2F3F4F5F6F7F8F9FAFBFCFDFEFF',
  DPK: 'C0C1C2C3C4C5C6C7C8C9CACBCCCDCECF',
  DTK: 'D0D1D2D3D4D5D6D7D8D9DADBDCDDDEDF',
};

/** On 3DES cards STK has single length (PSAM part of the card specification, appendix B). */
const SINGLE_LENGTH_STK = '1122334455667788';

/** Root key as hex: 32 digits, 16 for STK of the 3DES family. */
export function testRootKey(name: RootKeyName, algorithm: KeyedAlgorithm): string {
  return name === 'STK' && algorithm === 'tdes' ? SINGLE_LENGTH_STK : testRootKeys[name];
}
