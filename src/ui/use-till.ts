import { useCallback, useEffect, useMemo, useRef, useState } from 'preact/hooks';
import type { FaultView, ShopAnswer, TillView, TrainingState } from '#server/api-types';
import { type Answer, Api } from './api.ts';
import { connectLive } from './live.ts';

export type Link = 'connecting' | 'open' | 'lost';
export type Verb = () => Promise<Answer<TillView>>;

export interface TillModel {
  readonly api: Api;
  readonly shop: ShopAnswer | undefined;
  readonly till: TillView | undefined;
  readonly training: TrainingState | undefined;
  readonly link: Link;
  /** The refusal of the last verb, until the next one succeeds or it is put away. */
  readonly notice: FaultView | undefined;
  readonly busy: boolean;
  /** The same at this very moment, ahead of the next drawing. */
  isBusy(): boolean;
  clearNotice(): void;
  /** Runs a verb after those already running; applies the answered state. Answers the fault, if any. */
  run(verb: Verb): Promise<FaultView | undefined>;
  signIn(number: string, pin: string): Promise<FaultView | undefined>;
  signOut(): Promise<void>;
}

/** The page's whole state: what the till says, whether the link stands, and what was refused last. */
export function useTill(): TillModel {
  const api = useMemo(() => new Api(), []);
  const [shop, setShop] = useState<ShopAnswer>();
  const [till, setTill] = useState<TillView>();
  const [training, setTraining] = useState<TrainingState>();
  const [link, setLink] = useState<Link>('connecting');
  const [notice, setNotice] = useState<FaultView>();
  const running = useRef(0);
  const [busy, setBusy] = useState(false);
  const tail = useRef<Promise<unknown>>(Promise.resolve());

  const newConnection = useRef(true);
  const applyTill = useCallback((next: TillView) => {
    // An answer may arrive after the push of a later state; a till that restarted counts from the start again.
    setTill((last) =>
      last !== undefined && next.revision < last.revision && !newConnection.current ? last : next,
    );
  }, []);
  const loadShop = useCallback(async () => {
    const answer = await api.shop();
    if (answer.ok) setShop(answer.value);
    return answer;
  }, [api]);

  useEffect(() => {
    let timer: number | undefined;
    const load = async () => {
      const answer = await loadShop();
      if (!answer.ok) timer = window.setTimeout(() => void load(), 1_000);
    };
    void load();
    return () => window.clearTimeout(timer);
  }, [loadShop]);

  const signedIn = shop?.session?.operator.number;
  useEffect(() => {
    if (signedIn === undefined) return;
    return connectLive({
      open: () => {
        newConnection.current = true;
        setLink('open');
      },
      lost: () => setLink('lost'),
      message: (message) => {
        if (message.type === 'training') return setTraining(message.training);
        applyTill(message.till);
        newConnection.current = false;
      },
      // While the till itself is away nobody knows: keep trying.
      stillSignedIn: async () => {
        const answer = await loadShop();
        return !answer.ok || answer.value.session !== null;
      },
      signedOut: () => {
        setTill(undefined);
        setLink('connecting');
        void loadShop();
      },
    });
  }, [signedIn, applyTill, loadShop]);

  const run = useCallback(
    (verb: Verb): Promise<FaultView | undefined> => {
      running.current += 1;
      setBusy(true);
      const turn = tail.current.then(verb).then((answer) => {
        if (answer.ok) applyTill(answer.value);
        setNotice(answer.ok ? undefined : answer.error);
        running.current -= 1;
        setBusy(running.current > 0);
        return answer.ok ? undefined : answer.error;
      });
      tail.current = turn;
      return turn;
    },
    [applyTill],
  );

  const signIn = useCallback(
    async (number: string, pin: string) => {
      const answer = await api.signIn(number, pin);
      if (!answer.ok) return answer.error;
      await loadShop();
      return undefined;
    },
    [api, loadShop],
  );

  const signOut = useCallback(async () => {
    await api.delete('/api/session');
    setTill(undefined);
    await loadShop();
  }, [api, loadShop]);

  return {
    api,
    shop,
    till,
    training,
    link,
    notice,
    busy,
    isBusy: useCallback(() => running.current > 0, []),
    clearNotice: useCallback(() => setNotice(undefined), []),
    run,
    signIn,
    signOut,
  };
}
