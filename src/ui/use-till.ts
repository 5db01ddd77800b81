import { useCallback, useEffect, useLayoutEffect, useMemo, useRef, useState } from 'preact/hooks';
import type {
  FaultView,
  FirstView,
  LiveMessage,
  ShopAnswer,
  TillView,
  TrainingState,
} from '#server/api-types';
import { type Answer, Api } from './api.ts';
import { connectLive } from './live.ts';
import { keepSame } from './memo.ts';

export type Link = 'connecting' | 'open' | 'lost';
export type Verb = () => Promise<Answer<TillView>>;

export interface TillModel extends Verbs {
  readonly api: Api;
  readonly shop: ShopAnswer | undefined;
  readonly till: TillView | undefined;
  readonly training: TrainingState | undefined;
  readonly link: Link;
  signIn(number: string, pin: string): Promise<FaultView | undefined>;
  signOut(): Promise<void>;
}

interface Verbs {
  /** The refusal of the last verb, until the next one succeeds or it is put away. */
  readonly notice: FaultView | undefined;
  /** Whether a verb runs at this very moment. Only its end is drawn: most are over before an old machine has painted. */
  isBusy(): boolean;
  clearNotice(): void;
  /** Runs a verb after those already running; applies the answered state. Answers the fault, if any. */
  run(verb: Verb): Promise<FaultView | undefined>;
}

/**
 * The page's whole state: what the till says, whether the link stands, and what was refused last. It begins with what
 * came with the page, if anything did.
 */
export function useTill(first?: FirstView): TillModel {
  const api = useMemo(() => new Api(first?.shop.session?.csrf), []);
  const { shop, loadShop } = useShop(api, first?.shop);
  const live = useLive(api, shop?.session?.operator.number, loadShop, first?.till);
  const verbs = useVerbs(api, live.applyTill);
  const { forget } = live;

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
    forget();
    await loadShop();
  }, [api, loadShop, forget]);
  const { till, training, link } = live;
  return { api, shop, till, training, link, ...verbs, signIn, signOut };
}

type LoadShop = () => Promise<Answer<ShopAnswer>>;

/** What the sign-in screen needs; asked for until the till answers. */
function useShop(
  api: Api,
  first: ShopAnswer | undefined,
): { shop: ShopAnswer | undefined; loadShop: LoadShop } {
  const [shop, setShop] = useState(first);
  const loadShop = useCallback(async () => {
    const answer = await api.shop();
    if (answer.ok) setShop(answer.value);
    return answer;
  }, [api]);
  // Not an effect of the painted page: on an old machine the first question would leave a tenth of a second later.
  useLayoutEffect(() => {
    if (first !== undefined) return;
    let timer: number | undefined;
    const load = async () => {
      const answer = await loadShop();
      if (!answer.ok) timer = window.setTimeout(() => void load(), 1_000);
    };
    void load();
    return () => window.clearTimeout(timer);
  }, [loadShop]);
  return { shop, loadShop };
}

/** What the till pushes, as long as someone is signed in. */
function useLive(api: Api, signedIn: string | undefined, loadShop: LoadShop, first: TillView | undefined) {
  const [till, setTill] = useState(first);
  const [training, setTraining] = useState<TrainingState>();
  const [link, setLink] = useState<Link>('connecting');
  const { applyTill, connected } = useNewest(setTill);
  const forget = useCallback(() => {
    setTill(undefined);
    setLink('connecting');
  }, []);
  // After the first painting: what is drawn came with the page, and a scan is answered without this connection.
  useEffect(() => {
    if (signedIn === undefined) return;
    const end = connectLive<LiveMessage>('/api/live', {
      open: (ask) => {
        api.askOver(ask);
        connected();
        setLink('open');
      },
      lost: () => setLink('lost'),
      message: (message) => {
        if (message.type === 'training') return setTraining(message.training);
        applyTill(message.till);
      },
      // While the till itself is away nobody knows: keep trying.
      stillSignedIn: async () => {
        const answer = await loadShop();
        return !answer.ok || answer.value.session !== null;
      },
      signedOut: () => {
        forget();
        void loadShop();
      },
    });
    return () => {
      api.askOver(undefined);
      end();
    };
  }, [api, signedIn, applyTill, connected, loadShop, forget]);
  return { till, training, link, applyTill, forget };
}

/**
 * Keeps the newest state: an answer may arrive after the push of a later one. On a new connection anything
 * goes, because a till that restarted counts from the start again.
 */
function useNewest(setTill: (update: (before: TillView | undefined) => TillView) => void) {
  const lastRevision = useRef(-1);
  const applyTill = useCallback(
    (next: TillView) => {
      if (next.revision < lastRevision.current) return;
      lastRevision.current = next.revision;
      setTill((before) => keepSame(before, next));
    },
    [setTill],
  );
  const connected = useCallback(() => {
    lastRevision.current = -1;
  }, []);
  return { applyTill, connected };
}

/** Verbs one after the other, in the order in which they were asked for. */
function useVerbs(api: Api, applyTill: (next: TillView) => void): Verbs {
  const [notice, setNotice] = useState<FaultView>();
  const [, setEnded] = useState(0);
  const running = useRef(0);
  const tail = useRef<Promise<unknown>>(Promise.resolve());
  /**
   * A refusal tells no state, and the push of the state that it left may come later: a key pressed in between, by who
   * has read the refusal, would be judged by what stood there before the verb, and be lost.
   */
  const readLeft = useCallback(async () => {
    const left = await api.get<TillView>('/api/till');
    if (left.ok) applyTill(left.value);
  }, [api, applyTill]);
  const run = useCallback(
    (verb: Verb): Promise<FaultView | undefined> => {
      running.current += 1;
      // Asked before anything is drawn: the answer is under way meanwhile.
      const turn = tail.current.then(verb).then(async (answer) => {
        if (answer.ok) applyTill(answer.value);
        else await readLeft();
        setNotice(answer.ok ? undefined : answer.error);
        running.current -= 1;
        // Drawn even where nothing else changed: keys may wait for this end.
        setEnded((count) => count + 1);
        return answer.ok ? undefined : answer.error;
      });
      tail.current = turn;
      return turn;
    },
    [applyTill, readLeft],
  );
  const clearNotice = useCallback(() => setNotice(undefined), []);
  const isBusy = useCallback(() => running.current > 0, []);
  return { notice, isBusy, clearNotice, run };
}
