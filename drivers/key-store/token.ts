import type { Attribute, Handle, Mechanism, Pkcs11Module, TokenLibrary } from './pkcs11-library.ts';

/** Key that protects the key file; RSA where the token has no AES. */
export type TokenMethod = 'aes' | 'rsa';

/** Label of the key in the token. */
const ROOT_LABEL = 'guitai-root';

const KEY_BYTES = 32;
/** CKZ_DATA_SPECIFIED of PKCS#11, which the package does not name: the label of OAEP, here an empty one. */
const SOURCE_DATA_SPECIFIED = 1;
const RSA_BITS = 2048;
const RSA_EXPONENT = Buffer.from([1, 0, 1]);
/** Longest answer that is asked for: one RSA block. */
const ROOM_BYTES = RSA_BITS / 8;

/** A session that is logged in at one token. Every call may throw the token's own error, `CKR_…`. */
export class TokenSession {
  readonly #module: Pkcs11Module;
  readonly #library: TokenLibrary;
  readonly #slot: Handle;
  readonly #session: Handle;

  constructor(module: Pkcs11Module, library: TokenLibrary, slot: Handle, pin: string) {
    this.#module = module;
    this.#library = library;
    this.#slot = slot;
    this.#session = library.C_OpenSession(slot, module.CKF_SERIAL_SESSION | module.CKF_RW_SESSION);
    library.C_Login(this.#session, module.CKU_USER, pin);
  }

  /** What the token can do for a key of 32 bytes; undefined = nothing that fits. */
  method(): TokenMethod | undefined {
    const can = new Set(this.#library.C_GetMechanismList(this.#slot));
    const { CKM_AES_KEY_GEN, CKM_AES_CBC_PAD, CKM_RSA_PKCS_KEY_PAIR_GEN, CKM_RSA_PKCS_OAEP } = this.#module;
    if (can.has(CKM_AES_KEY_GEN) && can.has(CKM_AES_CBC_PAD)) return 'aes';
    return can.has(CKM_RSA_PKCS_KEY_PAIR_GEN) && can.has(CKM_RSA_PKCS_OAEP) ? 'rsa' : undefined;
  }

  /** Whether the token holds the root key of this method. */
  hasRoot(method: TokenMethod): boolean {
    return this.#find(method, 'decrypt') !== undefined;
  }

  /** Makes the root key inside the token; it cannot be taken out. */
  makeRoot(method: TokenMethod): void {
    const m = this.#module;
    const named: readonly Attribute[] = [
      { type: m.CKA_TOKEN, value: true },
      { type: m.CKA_LABEL, value: ROOT_LABEL },
    ];
    const hidden: readonly Attribute[] = [
      { type: m.CKA_PRIVATE, value: true },
      { type: m.CKA_SENSITIVE, value: true },
      { type: m.CKA_EXTRACTABLE, value: false },
    ];
    const mayEncrypt: Attribute = { type: m.CKA_ENCRYPT, value: true };
    const mayDecrypt: Attribute = { type: m.CKA_DECRYPT, value: true };
    if (method === 'aes') {
      const length: Attribute = { type: m.CKA_VALUE_LEN, value: KEY_BYTES };
      this.#library.C_GenerateKey(this.#session, { mechanism: m.CKM_AES_KEY_GEN }, [
        ...this.#kindOf(method, 'decrypt'),
        ...named,
        ...hidden,
        length,
        mayEncrypt,
        mayDecrypt,
      ]);
      return;
    }
    this.#library.C_GenerateKeyPair(
      this.#session,
      { mechanism: m.CKM_RSA_PKCS_KEY_PAIR_GEN },
      [
        ...this.#kindOf(method, 'encrypt'),
        ...named,
        mayEncrypt,
        { type: m.CKA_MODULUS_BITS, value: RSA_BITS },
        { type: m.CKA_PUBLIC_EXPONENT, value: RSA_EXPONENT },
      ],
      [...this.#kindOf(method, 'decrypt'), ...named, ...hidden, mayDecrypt],
    );
  }

  /** Undefined when the token has no root key. */
  encrypt(method: TokenMethod, plain: Uint8Array, iv: Uint8Array): Uint8Array | undefined {
    const key = this.#find(method, 'encrypt');
    if (key === undefined) return undefined;
    this.#library.C_EncryptInit(this.#session, this.#mechanism(method, iv), key);
    return this.#library.C_Encrypt(this.#session, Buffer.from(plain), Buffer.alloc(ROOM_BYTES));
  }

  /** Undefined when the token has no root key. */
  decrypt(method: TokenMethod, wrapped: Uint8Array, iv: Uint8Array): Uint8Array | undefined {
    const key = this.#find(method, 'decrypt');
    if (key === undefined) return undefined;
    this.#library.C_DecryptInit(this.#session, this.#mechanism(method, iv), key);
    return this.#library.C_Decrypt(this.#session, Buffer.from(wrapped), Buffer.alloc(ROOM_BYTES));
  }

  close(): void {
    this.#library.C_Logout(this.#session);
    this.#library.C_CloseSession(this.#session);
  }

  #find(method: TokenMethod, use: 'encrypt' | 'decrypt'): Handle | undefined {
    const label: Attribute = { type: this.#module.CKA_LABEL, value: ROOT_LABEL };
    this.#library.C_FindObjectsInit(this.#session, [...this.#kindOf(method, use), label]);
    try {
      return this.#library.C_FindObjects(this.#session, 1)[0];
    } finally {
      this.#library.C_FindObjectsFinal(this.#session);
    }
  }

  #kindOf(method: TokenMethod, use: 'encrypt' | 'decrypt'): readonly Attribute[] {
    const m = this.#module;
    const half = use === 'encrypt' ? m.CKO_PUBLIC_KEY : m.CKO_PRIVATE_KEY;
    return [
      { type: m.CKA_CLASS, value: method === 'aes' ? m.CKO_SECRET_KEY : half },
      { type: m.CKA_KEY_TYPE, value: method === 'aes' ? m.CKK_AES : m.CKK_RSA },
    ];
  }

  #mechanism(method: TokenMethod, iv: Uint8Array): Mechanism {
    const m = this.#module;
    if (method === 'aes') return { mechanism: m.CKM_AES_CBC_PAD, parameter: Buffer.from(iv) };
    // SHA-1 is the one hash of OAEP that every token knows; here nothing depends on collisions.
    return {
      mechanism: m.CKM_RSA_PKCS_OAEP,
      parameter: {
        type: m.CK_PARAMS_RSA_OAEP,
        hashAlg: m.CKM_SHA_1,
        mgf: m.CKG_MGF1_SHA1,
        source: SOURCE_DATA_SPECIFIED,
      },
    };
  }
}
