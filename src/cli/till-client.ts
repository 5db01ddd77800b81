import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { type Fault, fault } from '#core/fault';
import { err, ok, type Result } from '#core/result';
import { type Settings, trainingFolder } from './settings.ts';

const answerSchema = z.record(z.string(), z.unknown());
const errorSchema = z.object({
  error: z.object({
    code: z.string(),
    retry: z.enum(['transient', 'ambiguous', 'permanent']),
    zh: z.string(),
    en: z.string(),
    nextZh: z.string(),
    nextEn: z.string(),
    detail: z.string().optional(),
  }),
});

/** A till that runs on this machine, over its public API with the token of its data folder. */
export class TillClient {
  readonly #base: string;
  readonly #token: string;

  private constructor(base: string, token: string) {
    this.#base = base;
    this.#token = token;
  }

  static forSettings({ config, folder }: Settings): Result<TillClient, Fault> {
    const named = config.server.token_file;
    // Without a till on the configured folder, the training shop of this folder is meant.
    const files =
      named === undefined ? [join(folder, 'api-token'), join(trainingFolder(), 'api-token')] : [named];
    for (const file of files) {
      try {
        const token = readFileSync(file, 'utf8').trim();
        return ok(new TillClient(`http://127.0.0.1:${config.server.port}`, token));
      } catch {
        // The next place, or the fault below.
      }
    }
    return err(fault('till-not-running', `${files.join(', ')}: cannot be read`));
  }

  /** One call; an error answer of the till comes back as its fault. */
  async call(
    method: 'GET' | 'POST' | 'PUT' | 'DELETE',
    path: string,
    body?: unknown,
  ): Promise<Result<Record<string, unknown>, Fault>> {
    let response: Response;
    try {
      response = await fetch(`${this.#base}${path}`, {
        method,
        headers: {
          authorization: `Bearer ${this.#token}`,
          ...(body === undefined ? {} : { 'content-type': 'application/json' }),
        },
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      });
    } catch {
      return err(fault('till-not-running', this.#base));
    }
    const json: unknown = await response.json().catch(() => undefined);
    if (response.ok) return ok(answerSchema.parse(json));
    const failure = errorSchema.safeParse(json);
    if (!failure.success) return err(fault('till-not-running', `HTTP ${response.status}`));
    return err(failure.data.error as Fault);
  }
}
