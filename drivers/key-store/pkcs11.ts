import { randomBytes } from 'node:crypto';
import { type Fault, fault } from '#core/fault';
import { fromHex, toHex } from '#core/hex';
import { err, ok, type Result } from '#core/result';
import type { KekKeeper } from './kek-keeper.ts';
import { loadPkcs11, type Pkcs11Module, type TokenLibrary } from './pkcs11-library.ts';
import { type TokenMethod, TokenSession } from './token.ts';

export interface TokenOptions {
  /** PKCS#11 library of the token's maker. */
  readonly library: string;
  /** Label of the token. */
  readonly token: string;
  /** User PIN of the token. It is presented once per start, because tokens lock after a few wrong ones. */
  readonly pin: string;
  /** Default: AES where the token has it, else RSA. Only for a new key file. */
  readonly method?: TokenMethod;
}

const KEK_BYTES = 32;
const IV_BYTES = 16;

/**
 * KEK kept by a PKCS#11 token (Ukey, HSM): it is made here, encrypted inside the token by a key that never
 * leaves it, and decrypted there once at every start. SM2 signs in this process, under keys wrapped by the
 * KEK: SoftHSM and most tokens with public drivers have no SM2 mechanism (PKCS#11 3.1 defines none).
 */
export function tokenKeeper(options: TokenOptions): KekKeeper {
  const create: KekKeeper['create'] = () =>
    withToken(options, (session) => {
      const method = options.method ?? session.method();
      if (method === undefined) return locked('token has neither AES nor RSA-OAEP');
      if (!session.hasRoot(method)) session.makeRoot(method);
      const kek = Uint8Array.from(randomBytes(KEK_BYTES));
      const iv = method === 'aes' ? Uint8Array.from(randomBytes(IV_BYTES)) : new Uint8Array(0);
      const wrapped = session.encrypt(method, kek, iv);
      if (wrapped === undefined) return locked('token holds no root key');
      const { token } = options;
      return ok({
        kek,
        protection: { kind: 'pkcs11', token, method, iv: toHex(iv), wrapped: toHex(wrapped) },
      });
    });
  return {
    kind: 'pkcs11',
    create,
    // Everything that opens the file stands in the file itself: replacing it is the whole step.
    async renew() {
      const made = await create();
      return made.ok ? ok({ ...made.value, settle: async () => ok(undefined) }) : made;
    },
    unsettled: async () => ok(undefined),
    open: async (protection) => {
      if (protection.kind !== 'pkcs11') return locked('kept by a secret file, not by a token');
      return withToken(options, (session) => {
        const { method, iv, wrapped } = protection;
        const kek = session.decrypt(method, fromHex(wrapped), fromHex(iv));
        if (kek === undefined) return locked('token holds no root key');
        return kek.length === KEK_BYTES ? ok(Uint8Array.from(kek)) : locked('token answered another key');
      });
    },
  };
}

/** One visit to the token: nothing is left open, so that it may be pulled afterwards. */
async function withToken<T>(
  options: TokenOptions,
  task: (session: TokenSession) => Result<T, Fault>,
): Promise<Result<T, Fault>> {
  const module = await loadPkcs11();
  if (module === undefined) return locked('package pkcs11js is not installed');
  const library = new module.PKCS11();
  try {
    library.load(options.library);
  } catch {
    return locked('library of the token does not load');
  }
  try {
    library.C_Initialize();
    try {
      return visit(module, library, options, task);
    } finally {
      library.C_Finalize();
    }
  } catch (error) {
    return locked(`token: ${nameOf(error)}`);
  } finally {
    library.close();
  }
}

function visit<T>(
  module: Pkcs11Module,
  library: TokenLibrary,
  { token, pin }: TokenOptions,
  task: (session: TokenSession) => Result<T, Fault>,
): Result<T, Fault> {
  const slot = library.C_GetSlotList(true).find((one) => library.C_GetTokenInfo(one).label.trim() === token);
  if (slot === undefined) return locked('token absent');
  const session = new TokenSession(module, library, slot, pin);
  try {
    return task(session);
  } finally {
    session.close();
  }
}

/** `CKR_PIN_INCORRECT` and the like; other words of an error may hold paths and are left out. */
function nameOf(error: unknown): string {
  const name = error instanceof Error ? /CKR_[A-Z0-9_]+/.exec(error.message)?.[0] : undefined;
  return name ?? 'unknown error';
}

function locked(detail: string): Result<never, Fault> {
  return err(fault('key-store-locked', detail));
}
