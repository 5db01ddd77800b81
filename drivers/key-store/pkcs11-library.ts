/**
 * What is used of pkcs11js 2.1.7, by the names of PKCS#11 (OASIS). Written down here and loaded by name,
 * because the package is optional: it compiles native code, and Guitai builds and runs where it could not.
 */
export type Handle = Buffer;

export interface Attribute {
  readonly type: number;
  readonly value: number | boolean | string | Buffer;
}

export interface Mechanism {
  readonly mechanism: number;
  readonly parameter?:
    | Buffer
    | {
        readonly type: number;
        readonly hashAlg: number;
        readonly mgf: number;
        readonly source: number;
      };
}

/** PKCS#11 (OASIS) functions by their own names; a return value other than CKR_OK is thrown as an `Error` of that name. */
export interface TokenLibrary {
  load(library: string): void;
  close(): void;
  C_Initialize(): void;
  C_Finalize(): void;
  C_GetSlotList(tokenPresent: boolean): Handle[];
  C_GetTokenInfo(slot: Handle): { readonly label: string };
  C_GetMechanismList(slot: Handle): number[];
  C_OpenSession(slot: Handle, flags: number): Handle;
  C_CloseSession(session: Handle): void;
  C_Login(session: Handle, user: number, pin: string): void;
  C_Logout(session: Handle): void;
  C_GenerateKey(session: Handle, mechanism: Mechanism, template: readonly Attribute[]): Handle;
  C_GenerateKeyPair(
    session: Handle,
    mechanism: Mechanism,
    publicTemplate: readonly Attribute[],
    privateTemplate: readonly Attribute[],
  ): { readonly publicKey: Handle; readonly privateKey: Handle };
  C_FindObjectsInit(session: Handle, template: readonly Attribute[]): void;
  C_FindObjects(session: Handle, most: number): Handle[];
  C_FindObjectsFinal(session: Handle): void;
  C_EncryptInit(session: Handle, mechanism: Mechanism, key: Handle): void;
  C_Encrypt(session: Handle, data: Buffer, room: Buffer): Buffer;
  C_DecryptInit(session: Handle, mechanism: Mechanism, key: Handle): void;
  C_Decrypt(session: Handle, data: Buffer, room: Buffer): Buffer;
}

export interface Pkcs11Module {
  readonly PKCS11: new () => TokenLibrary;
  readonly CKF_SERIAL_SESSION: number;
  readonly CKF_RW_SESSION: number;
  readonly CKU_USER: number;
  readonly CKO_SECRET_KEY: number;
  readonly CKO_PUBLIC_KEY: number;
  readonly CKO_PRIVATE_KEY: number;
  readonly CKK_AES: number;
  readonly CKK_RSA: number;
  readonly CKA_CLASS: number;
  readonly CKA_TOKEN: number;
  readonly CKA_PRIVATE: number;
  readonly CKA_LABEL: number;
  readonly CKA_KEY_TYPE: number;
  readonly CKA_SENSITIVE: number;
  readonly CKA_EXTRACTABLE: number;
  readonly CKA_ENCRYPT: number;
  readonly CKA_DECRYPT: number;
  readonly CKA_VALUE_LEN: number;
  readonly CKA_MODULUS_BITS: number;
  readonly CKA_PUBLIC_EXPONENT: number;
  readonly CKM_AES_KEY_GEN: number;
  readonly CKM_AES_CBC_PAD: number;
  readonly CKM_RSA_PKCS_KEY_PAIR_GEN: number;
  readonly CKM_RSA_PKCS_OAEP: number;
  readonly CKM_SHA_1: number;
  readonly CKG_MGF1_SHA1: number;
  readonly CK_PARAMS_RSA_OAEP: number;
}

const PACKAGE: string = 'pkcs11js';

/** Undefined where the package is not installed. */
export async function loadPkcs11(): Promise<Pkcs11Module | undefined> {
  try {
    const loaded: unknown = await import(PACKAGE);
    const module =
      typeof loaded === 'object' && loaded !== null && 'default' in loaded ? loaded.default : loaded;
    return isPkcs11(module) ? module : undefined;
  } catch {
    return undefined;
  }
}

function isPkcs11(module: unknown): module is Pkcs11Module {
  return typeof module === 'object' && module !== null && 'PKCS11' in module && 'CKM_AES_CBC_PAD' in module;
}
